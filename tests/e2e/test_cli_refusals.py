"""What the command line refuses: in one line, with a hint and an exit code, and with nothing changed."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from contrafact.demo import world
from contrafact.domain.digests import to_hex
from contrafact.domain.pitch import NAMES
from contrafact.domain.quotes import SignedQuote
from contrafact.wiring import Site

from .command import Answer, Command, key_file
from .town import WEIGHTS, Town

pytestmark = pytest.mark.slow

MAKER = world.account(world.MAKER).address
UNKNOWN = "0x" + "12" * 32
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Desk:
    """The command line in the town, as the maker and the operator use it, with folders of their own."""

    town: Town
    folder: Path
    site: Site
    command: Command

    @property
    def works(self) -> list[str]:
        return [to_hex(work) for work in self.town.works]

    def sources(self, *weights: str) -> list[str]:
        return [f"--source={work}={weight}" for work, weight in zip(self.works, weights, strict=True)]

    def quote(self, *changes: str, sources: list[str] | None = None, maker: str = MAKER) -> Answer:
        """Asks for an offer that can be made, but for the changes."""
        score = self.town.tunes[0].score
        usual = sources if sources is not None else self.sources("0.5", "0.3", "0.2")
        music = ["--seconds=8", f"--tempo={score.tempo}", f"--key={NAMES[score.key.tonic]}"]
        music += [f"--mode={score.key.mode}", f"--metre={score.metre.beats}/{score.metre.unit}"]
        return self.command("quote", *usual, f"--maker={maker}", f"--out={self.offer}", *music, *changes, "--json")

    @property
    def licensor(self) -> int:
        """The account that licenses the first work."""
        address = self.site.reader.licensor_of(self.town.works[0])
        return next(i for i in range(20) if world.account(i).address == address)

    @property
    def offer(self) -> Path:
        return self.folder / "quote.json"

    def order(self, **settings: object) -> Answer:
        return self.command.under(**settings)("order", self.offer, "--json")

    def state(self) -> tuple[object, ...]:
        """What a refused command must leave as it was: the chain (no block, no payment) and all files but for the index
        by which works are recognised, which can always be made anew."""
        files = sorted(
            path for path in self.folder.rglob("*") if path.is_file() and path.parent.name != "identification"
        )
        return self.site.reader.connection.head(), files

    def money(self) -> int:
        """What the maker has."""
        return self.site.reader.balance(MAKER, self.site.token())


@pytest.fixture
def desk(a_town: Town, tmp_path: Path) -> Desk:
    settings = a_town.settings.model_copy(update={"home": tmp_path / "home", "store": f"folder:{tmp_path / 'store'}"})
    (tmp_path / "store").symlink_to(a_town.settings.store.removeprefix("folder:"))
    keys = {"key_file": key_file(tmp_path, world.MAKER), "operator_key_file": key_file(tmp_path, world.OPERATOR)}
    named = {name: str(getattr(settings, name)) for name in ("rpc_url", "deployment", "store", "home")}
    return Desk(a_town, tmp_path, Site(settings), Command(named).under(**keys))


NOT_OFFERED = {
    "an unknown work": ([f"--source={UNKNOWN}=1"], [], "not_found", 3),
    "no such beginning of an id": (["--source=0x0123456789=1"], [], "not_found", 3),
    "a work that is not an id": (["--source=abc=1"], [], "invalid_input", 2),
    "weights that do not sum to one": (["0.5", "0.3", "0.1"], [], "invalid_order", 2),
    "a weight of zero": (["0.5", "0.5", "0"], [], "invalid_order", 2),
    "a weight that is no number": (["0.5", "0.5", "much"], [], "invalid_input", 2),
    "a negative weight": (["0.5", "0.6", "-0.1"], [], "invalid_input", 2),
    "no source": ([], [], "invalid_input", 2),
    "no weight": ([f"--source={UNKNOWN}"], [], "invalid_input", 2),
    "an unknown use": (None, ["--use=karaoke"], "invalid_input", 2),
    "an unknown metre": (None, ["--metre=7/8"], "invalid_order", 2),
    "a metre that is none": (None, ["--metre=fast"], "invalid_input", 2),
    "sources in another metre": (None, ["--metre=4/4"], "invalid_order", 2),
    "an unknown key": (None, ["--key=H"], "invalid_input", 2),
    "an unknown mode": (None, ["--mode=locrian"], "invalid_order", 2),
    "no tempo": (None, ["--tempo=0"], "invalid_order", 2),
    "a tempo that is no number": (None, ["--tempo=presto"], "invalid_input", 2),
    "a length of nothing": (None, ["--seconds=0"], "invalid_order", 2),
    "eleven minutes": (None, ["--seconds=660"], "invalid_order", 2),
    "too many seconds for a number": (None, ["--seconds=" + "9" * 30], "invalid_order", 2),
    "a maker that is no address": (None, ["--maker=me"], "invalid_input", 2),
    "a token that nobody takes": (None, ["--token=native"], "invalid_order", 2),
    "a token that is none": (None, [f"--token={MAKER}"], "invalid_order", 2),
    "a token that is no address": (None, ["--token=gold"], "invalid_input", 2),
    "an option that does not exist": (None, ["--colour=red"], "invalid_input", 2),
}


@pytest.mark.parametrize("case", NOT_OFFERED)
def test_an_offer_that_cannot_be_made_is_refused_in_a_line(desk: Desk, case: str) -> None:
    sources, changes, code, exit_code = NOT_OFFERED[case]
    if sources and not sources[0].startswith("--"):
        sources = desk.sources(*sources)
    before = desk.state()
    answer = desk.quote(*changes, sources=sources)
    assert (answer.error["code"], answer.code) == (code, exit_code), answer.err
    assert answer.error["hint"]
    assert desk.state() == before


def test_works_that_may_not_be_used_are_refused(desk: Desk) -> None:
    opted_out = to_hex(desk.town.opted_out)
    answer = desk.quote(sources=[f"--source={opted_out}=1"])
    assert (answer.error["code"], answer.code) == ("not_permitted", 4)
    assert opted_out in answer.error["message"]


def test_nine_sources_and_a_source_named_twice_are_refused(desk: Desk) -> None:
    nine = [f"--source={work}=0.1" for work in (*desk.works, *desk.works, *desk.works)]
    assert "8 sources, not 9" in desk.quote(sources=nine).error["message"]
    twice = [f"--source={desk.works[0]}=0.5", f"--source={desk.works[0]}=0.5"]
    assert "twice" in desk.quote(sources=twice).error["message"]
    assert desk.quote().code == 0  # and the next right command works


def test_a_work_is_named_by_the_beginning_of_its_id(desk: Desk) -> None:
    short = [f"--source={work[:10]}…{work[-4:]}=0.{tenths}" for work, tenths in zip(desk.works, (5, 3, 2), strict=True)]
    quoted = desk.quote(sources=short).json
    assert {row["work"]: row["weight"] for row in quoted["sources"]} == dict(zip(desk.works, WEIGHTS, strict=True))
    for words in (desk.works[0][:9], "Protestant"):
        refused = desk.command("works", "show", words, "--json").error
        assert refused["code"] == "invalid_input"
        assert "`contrafact works list`" in refused["hint"]
    refused = desk.command("audit", "--order", "0x12", "--json").error
    assert (refused["code"], refused["message"]) == ("invalid_input", "'0x12' is no order's id.")
    assert desk.command("audit", "--work", "0x12345678", "--json").error["code"] == "not_found"


def test_an_offer_that_the_bond_does_not_cover_is_refused(desk: Desk) -> None:
    other = desk.command.under(operator_key_file=key_file(desk.folder, 9))
    before = desk.state()
    score = desk.town.tunes[0].score
    music = [f"--tempo={score.tempo}", f"--key={NAMES[score.key.tonic]}", f"--mode={score.key.mode}"]
    music += [f"--metre={score.metre.beats}/{score.metre.unit}", f"--out={desk.offer}"]
    answer = other("quote", *desk.sources("0.5", "0.3", "0.2"), f"--maker={MAKER}", *music, "--json")
    assert (answer.error["code"], answer.code) == ("payment", 5)
    assert "contrafact operator deposit" in answer.error["hint"]
    assert desk.state() == before
    assert other("operator", "withdraw", "--json").error["code"] == "payment"
    assert other("operator", "withdraw", "--amount=1", "--json").error["code"] == "payment"
    assert other("operator", "deposit", "0", "--json").error["code"] == "invalid_input"
    assert other("operator", "deposit", "1", "--json").error["code"] == "payment"


def test_confirmations_that_are_not_the_holders_are_refused(desk: Desk) -> None:
    path = desk.folder / "tune.abc"
    path.write_bytes(desk.town.tunes[0].file)
    holders = [f"--holder={MAKER}=0.5", f"--holder={world.account(9).address}=0.5"]
    before = desk.state()
    signatures = ("00", "0x" + "11" * 65, "zz")
    for signature in signatures:
        given = f"--confirmation={world.account(9).address}={signature}"
        answer = desk.command("works", "register", path, "--title=A", *holders, given, "--json")
        assert (answer.error["code"], answer.code) == ("invalid_input", 2)
    stranger = f"--confirmation={world.account(8).address}=0x00"
    answer = desk.command("works", "register", path, "--title=A", *holders, stranger, "--json")
    assert "no place in the split" in answer.error["message"]
    answer = desk.command("works", "confirm", desk.works[0], "--json")
    assert (answer.error["code"], answer.code) == ("not_found", 3)
    assert desk.state() == before


def test_an_offer_that_cannot_be_written_is_refused(desk: Desk) -> None:
    for path, code in ((desk.folder / "no" / "quote.json", "not_found"), (desk.folder, "invalid_input")):
        assert desk.quote(f"--out={path}").error["code"] == code


def test_a_maker_without_money_is_told_so_and_pays_when_there_is_some(desk: Desk) -> None:
    poor = world.account(12)
    desk.quote(maker=poor.address)
    key = key_file(desk.folder, 12)
    before = desk.state()
    assert (desk.order(key_file=key).error["code"], desk.order(key_file=key).code) == ("payment", 5)
    assert desk.state() == before
    desk.site.writer(world.account(world.DEPLOYER)).mint_dollars(poor.address, 10_000_000)
    assert sum(desk.order(key_file=key).json["shares"].values()) > 0


def test_a_quote_counts_for_its_maker_and_for_its_time(desk: Desk) -> None:
    assert desk.quote().code == 0
    before = desk.money()
    stranger = desk.order(key_file=key_file(desk.folder, world.DEPLOYER))
    assert (stranger.error["code"], MAKER in stranger.error["message"]) == ("not_permitted", True)
    desk.town.rpc("evm_increaseTime", 2 * HOUR)
    desk.town.rpc("evm_mine")
    late = desk.order()
    assert (late.error["code"], late.code) == ("payment", 5)
    assert "expired" in late.error["message"]
    assert desk.money() == before


def test_an_order_that_this_operator_cannot_finish_is_not_paid_for(desk: Desk) -> None:
    desk.quote()
    before = desk.state()
    elsewhere = desk.order(home=desk.folder / "another-home")
    assert (elsewhere.error["code"], elsewhere.code) == ("not_found", 3)
    other = key_file(desk.folder, 9)
    assert "operator" in desk.order(operator_key_file=other).error["message"]
    other.unlink()
    (secret,) = desk.folder.glob("home/orders/*/secret")
    secret.rename(desk.folder / "hidden")
    assert "secret" in desk.order().error["message"]
    (desk.folder / "hidden").rename(secret)
    assert desk.state() == before


def test_a_quote_with_one_byte_changed_is_not_paid_for(desk: Desk) -> None:
    desk.quote()
    original, before = desk.offer.read_bytes(), desk.state()
    for position in range(0, len(original), len(original) // 24):
        changed = bytearray(original)
        changed[position] ^= 1
        desk.offer.write_bytes(changed)
        answer = desk.order()
        assert answer.error["code"] in ("invalid_input", "invalid_order", "not_found"), (position, answer.err)
    desk.offer.write_bytes(original)
    assert desk.state() == before


def test_a_quote_whose_music_was_exchanged_is_not_paid_for(desk: Desk) -> None:
    desk.quote()
    signed = SignedQuote.from_bytes(desk.offer.read_bytes())
    desk.offer.write_bytes(replace(signed, music=replace(signed.music, tempo=signed.music.tempo + 1)).to_bytes())
    before = desk.state()
    assert "music" in desk.order().error["message"]
    assert desk.state() == before


@pytest.mark.parametrize(
    ("content", "mode", "code"),
    [
        (None, 0o600, "not_found"),
        (b"ab" * 32, 0o640, "invalid_input"),
        (b"the dog ate it", 0o600, "invalid_input"),
        (bytes(range(256)), 0o600, "invalid_input"),
        (b"00" * 32, 0o600, "invalid_input"),
        (b"", 0o600, "invalid_input"),
    ],
)
def test_a_key_file_that_holds_no_secret_key_is_refused(
    desk: Desk, content: bytes | None, mode: int, code: str
) -> None:
    path = desk.folder / "key"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)
    before = desk.state()
    answer = desk.command.under(key_file=path)("terms", "set", desk.works[0], "--opt-out", "--json")
    assert answer.error["code"] == code
    assert content is None or "ab" * 32 not in answer.err  # what may be a key is never shown
    assert desk.state() == before


def test_commands_that_need_a_key_name_the_setting(desk: Desk) -> None:
    keyless = Command({name: value for name, value in desk.command.settings.items() if "key" not in name})
    answer = keyless("terms", "set", desk.works[0], "--opt-out", "--json")
    assert (answer.error["code"], "CONTRAFACT_KEY_FILE" in answer.error["hint"]) == ("not_found", True)
    answer = keyless("quote", *desk.sources("0.5", "0.3", "0.2"), "--maker", MAKER, "--json")
    assert (answer.error["code"], "CONTRAFACT_OPERATOR_KEY_FILE" in answer.error["hint"]) == ("not_found", True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("corrupt.mid", b"MThd\x00\x00\x00\x06\x00\x01\x00\x02\x01\xe0MTrk\x00\x00\xff\xff\x00\x90"),
        ("empty.mid", b""),
        ("letter.mid", b"Dear Sir, please find enclosed my latest jig."),
        ("noise.abc", bytes(range(256))),
        ("words.abc", b"X:1\nT:Nothing\nK:C\n"),
        ("page.musicxml", b"<html><body>404</body></html>"),
        ("song.mp3", b"ID3"),
        ("noname", b"X:1\n"),
    ],
)
def test_a_file_that_is_no_score_is_not_registered(desk: Desk, name: str, data: bytes) -> None:
    path = desk.folder / name
    path.write_bytes(data)
    before = desk.state()
    answer = desk.command("works", "register", path, "--title", "A song", "--json")
    assert (answer.error["code"], answer.code) == ("invalid_score", 2)
    assert answer.error["hint"]
    assert desk.state() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["--price=private"],
        ["--price=karaoke=1"],
        ["--price=private=cheap"],
        ["--price=private=-1"],
        ["--price=private=0.0000001"],
        ["--price=private=" + "9" * 40],
        ["--price=private=1", "--price=PRIVATE=2"],
        ["--price=private=1", "--max-weight=1.5"],
        ["--price=private=1", "--max-weight=0"],
        ["--price=private=1", "--valid-until=someday"],
        ["--price=private=1", "--valid-from=2030-01-02", "--valid-until=2030-01-01"],
        ["--opt-out", "--price=private=1"],
        [],
        ["--price=private=1", "--token=gold"],
    ],
)
def test_terms_that_make_no_sense_are_not_set(desk: Desk, arguments: list[str]) -> None:
    key = key_file(desk.folder, desk.licensor)
    before = desk.state()
    answer = desk.command.under(key_file=key)("terms", "set", desk.works[0], *arguments, "--json")
    assert answer.error["code"] == "invalid_input", answer.err
    assert answer.error["hint"]
    assert desk.state() == before


def test_terms_are_set_by_the_licensor_alone(desk: Desk) -> None:
    before = desk.state()
    answer = desk.command("terms", "set", desk.works[0], "--price=private=1", "--json")
    assert (answer.error["code"], answer.code) == ("not_permitted", 4)
    assert desk.state() == before


def test_works_and_terms_that_are_not_there(desk: Desk) -> None:
    for arguments in (("works", "show"), ("terms", "show")):
        assert desk.command(*arguments, UNKNOWN, "--json").error["code"] == "not_found"
    answer = desk.command("terms", "show", desk.works[0], "--version", 7, "--json")
    assert (answer.error["code"], answer.error["hint"]) == ("not_found", "Versions 2 to 2 are there.")


def test_splits_that_do_not_add_up_are_not_registered(desk: Desk) -> None:
    path, before = desk.folder / "tune.abc", desk.state()
    path.write_bytes(desk.town.tunes[0].file)
    for holders in (["me=1"], [f"{MAKER}=0.5"], [f"{MAKER}=1", f"{MAKER}=0.5"], [MAKER], [f"{MAKER}=2"]):
        options = [f"--holder={holder}" for holder in holders]
        assert desk.command("works", "register", path, "--title=A", *options, "--json").error["code"] == "invalid_input"
    path.unlink()
    assert desk.state() == before


def test_a_store_that_cannot_be_written_leaves_the_chain_alone(desk: Desk) -> None:
    path, wall = desk.folder / "tune.abc", desk.folder / "wall"
    path.write_bytes(desk.town.tunes[0].file)
    wall.write_text("a file where a folder should be")
    before = desk.state()
    answer = desk.command.under(store=f"folder:{wall}/store")("works", "register", path, "--title=A", "--json")
    assert (answer.error["code"], answer.code) == ("store", 7)
    assert desk.state() == before


def test_a_chain_that_is_not_there_or_is_another(desk: Desk) -> None:
    other = desk.folder / "other.json"
    other.write_text(json.dumps(json.loads(desk.site.settings.deployment.read_text()) | {"chain_id": 5}))
    with _web_server() as page, _closed_port() as nobody:
        wrong = (
            {"deployment": other},
            {"rpc_url": page},
            {"rpc_url": nobody},
            {"rpc_url": "ftp://127.0.0.1"},
            {"rpc_url": "nonsense"},
            {"rpc_url": "http://"},
        )
        for settings in wrong:
            answer = desk.command.under(**settings)("works", "list", "--json")
            assert (answer.error["code"], answer.code) == ("chain", 6), (settings, answer.err)
            assert answer.error["hint"]


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "not_found"), ("", "invalid_input"), ("[]", "invalid_input"), ('{"chain_id": 31337}', "invalid_input")],
)
def test_a_deployment_file_that_cannot_be_used(desk: Desk, content: str | None, code: str) -> None:
    path = desk.folder / "deployment.json"
    if content is not None:
        path.write_text(content)
    assert desk.command.under(deployment=path)("works", "list", "--json").error["code"] == code


def test_an_error_for_people_is_a_line_and_a_hint(desk: Desk) -> None:
    answer = desk.command("works", "show", UNKNOWN)
    assert answer.out == ""
    assert answer.err.splitlines() == [
        f"Error: Work {UNKNOWN} is not registered on this chain.",
        "→ Choose one of the catalogue (`contrafact works list`); a new one takes a moment to show.",
    ]


@pytest.mark.parametrize(
    "arguments", [["bogus"], ["works", "bogus"], ["quote"], ["terms", "show"], ["works", "list", "x"]]
)
def test_a_mistyped_command_is_answered_in_the_same_form(desk: Desk, arguments: list[str]) -> None:
    answer = desk.command(*arguments, "--json")
    assert (answer.error["code"], answer.code) == ("invalid_input", 2)
    assert "--help" in answer.error["hint"]


@contextmanager
def _web_server() -> Iterator[str]:
    """The URL of a server that answers every request with a page."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>It works!</html>")

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def _closed_port() -> Iterator[str]:
    """A URL at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
