"""The command line, from an empty chain to an audited piece."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from contrafact.demo import world
from contrafact.domain.digests import to_hex
from contrafact.domain.pitch import NAMES
from contrafact.domain.quotes import SignedQuote
from contrafact.music.pack import PackedTune, load_pack
from contrafact.settings import Settings
from contrafact.wiring import Site
from hardhat_free_devnet import Devnet

from .command import Command, key_file
from .town import consent

HOLDER, SECOND, PARTNER = (world.account(i).address for i in (3, 4, 10))
MAKER = world.account(world.MAKER).address
DOLLAR = 1_000_000
ODD_TITLE = "[bold]Chorale[/x]\x1b[31m"
COMMANDS = (
    *("", "works", "works register", "works list", "works show", "terms", "terms set", "terms show", "claim"),
    *("quote", "order", "refund", "mint", "audit", "replay", "models", "models register", "models list"),
    *("collections", "collections anchor", "collections list", "collections materialise", "collections withdraw"),
    *("models manifest", "models verify-proof", "models sunset"),
    *("works confirm", "operator", "operator deposit", "operator status", "operator withdraw"),
    *("export", "operator certificate", "operator certificate new", "operator certificate show"),
    *("operator register", "operator resume", "bench", "bench gas", "bench chain", "bench pool"),
    *("pool", "pool show", "pool close", "pool claim"),
    *("deploy", "deploy check", "deploy verify-input", "deploy clear-signing"),
    *("network", "network list", "network check", "similar", "evaluate attribution", "evaluate retrieval"),
    *("identify", "evaluate identification", "influence", "evaluate training"),
    *("keys", "keys new-reader", "keys show-reader"),
    *("content", "content release", "content list", "content open", "content import"),
    *("content withdraw", "content check", "content pin", "content export"),
)


def model_works() -> int:
    """How many works the released model learnt from."""
    from contrafact.music.manifest import training_list

    return len(training_list().tunes)


@dataclass(frozen=True, slots=True)
class Shop:
    """A chain with nothing on it, and a folder with keys and the files of two works."""

    folder: Path
    command: Command
    tunes: tuple[PackedTune, PackedTune]

    def of(self, account: int) -> Command:
        """The command of somebody with that account's key."""
        return self.command.under(key_file=key_file(self.folder, account))

    def score(self, tune: PackedTune) -> Path:
        kind = ".mid" if tune.media_type == "audio/midi" else ".abc"
        path = self.folder / (tune.id.replace("/", "-") + kind)
        path.write_bytes(tune.file)
        return path

    @property
    def site(self) -> Site:
        return Site(Settings.model_validate(self.command.settings))

    @property
    def music(self) -> list[str]:
        """Options that ask for eight seconds in the manner of the first tune."""
        score = self.tunes[0].score
        tonic = NAMES[score.key.tonic]
        metre = f"{score.metre.beats}/{score.metre.unit}"
        return [
            *("--seconds", "8", "--tempo", str(score.tempo)),
            *("--key", tonic, "--mode", score.key.mode, "--metre", metre),
        ]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Devnet() as node:
        settings = {
            "rpc_url": node.url,
            "deployment": str(tmp_path / "deployments" / "31337.json"),
            "store": f"folder:{tmp_path / 'store'}",
            "home": str(tmp_path / "home"),
            "operator_key_file": str(key_file(tmp_path, world.OPERATOR)),
        }
        yield Shop(tmp_path, Command(settings), _tunes())


@pytest.mark.slow
def test_from_an_empty_chain_to_an_audited_piece(shop: Shop) -> None:
    first, second = shop.tunes
    deployed = shop.of(world.DEPLOYER).apart("deploy", "--json").json
    assert deployed["chain_id"] == 31337
    assert Path(deployed["file"]).is_file()
    assert {row["account"] for row in deployed["roles"]} == {world.account(world.DEPLOYER).address}
    site = shop.site
    operator = world.account(world.OPERATOR).address
    for purse in (MAKER, operator):
        shop.of(world.DEPLOYER)("mint", "10", "--to", purse)
    bond = shop.command("operator", "deposit", "2.5", "--json").json
    assert (bond["operator"], bond["free"], bond["locked"]) == (operator, "2500000", "0")

    split = ["--holder", f"{HOLDER}=0.75", "--holder", f"{PARTNER}=0.25", "--holder-key", key_file(shop.folder, 10)]
    details = ["--collection", first.collection, "--catalogue-id", first.id, "--credit", first.credits[0]]
    one = (
        shop.of(3)
        .apart("works", "register", shop.score(first), "--title", first.title, *split, *details, "--json")
        .json["work"]
    )
    two = shop.of(4)("works", "register", shop.score(second), "--title", second.title, "--json").json["work"]
    terms = shop.of(3)("terms", "set", one, "--price", "private=0.20", "--price", "LIVE=1", "--json").json
    assert (terms["version"], terms["terms"]["uses"]) == (2, ["private", "live"])
    shop.of(4)("terms", "set", two, "--price", "private=0.350001", "--training", "--max-weight", "0.6", "--json")
    refused = shop.of(world.OPERATOR)("models", "register", "--base-rate", "0.20", "--json").error
    assert refused["code"] == "not_permitted"
    consent(site)
    model = shop.of(world.OPERATOR)("models", "register", "--base-rate", "0.20", "--json").json
    assert model["training_works"] == 2662

    listed = {row["work"]: row for row in shop.command("works", "list", "--json").json}
    assert {row["title"] for row in listed.values()} == {first.title, second.title}
    shown = shop.command("works", "show", one, "--json").json
    assert shown["rights_holders"] == [
        {"holder": HOLDER, "share": 750_000, "confirmed": True},
        {"holder": PARTNER, "share": 250_000, "confirmed": True},
    ]
    assert (shown["catalogue_id"], shown["credits"]) == (first.id, [first.credits[0]])
    assert shop.command("terms", "show", two, "--json").json["max_weight"] == 600_000
    (model,) = shop.command("models", "list", "--json").json
    assert model["base_rate"] == "200000"

    offer = shop.folder / "offer.json"
    sources = ["--source", f"{one}=0.6", "--source", f"{two.upper().replace('X', 'x', 1)}=0.4"]
    quoted = shop.command.apart("quote", *sources, "--maker", MAKER, *shop.music, "--out", offer, "--json").json
    assert int(quoted["escrow"]) == 350_001 + int(quoted["operator_fee"])

    site.writer(world.account(4)).set_threshold(site.token(), DOLLAR)  # nothing is sent to it below a dollar
    done = shop.of(world.MAKER).apart("order", offer, "--json").json
    assert (done["order"], done["shares"].keys()) == (quoted["order"], {one, two})
    assert sum(done["shares"].values()) + done["base_share"] == 1_000_000
    assert {row["holder"] for row in done["waiting"]} == {SECOND}
    assert all("higher amount" in row["reason"] for row in done["waiting"])
    spent = sum(map(int, (*done["paid"].values(), done["training_pool"], done["operator_fee"])))
    assert (
        10 * DOLLAR - site.reader.balance(MAKER, site.token()) == spent == int(quoted["escrow"]) - int(done["refunded"])
    )
    assert shop.of(world.MAKER)("order", offer, "--json").json == done

    claimed = shop.of(world.MAKER)("claim", "--holder", SECOND, "--json").json
    assert [(row["beneficiary"], row["amount"]) for row in claimed] == [(two, done["paid"][two])]
    assert site.reader.balance(SECOND, site.token()) == int(done["paid"][two])
    assert shop.of(4)("claim", "--json").json == []
    (in_pool,) = [e.amount for e in site.reader.credited() if to_hex(e.beneficiary) == model["model"]]
    assert in_pool == int(done["training_pool"])  # it waits there for the TrainingPool contract to collect it

    assert shop.command("operator", "status", "--json").json.items() >= bond.items()
    leaving = shop.command("operator", "withdraw", "--amount", "0.5", "--json").json
    assert (leaving["free"], leaving["withdrawing"]) == ("2000000", "500000")
    assert shop.command("operator", "withdraw", "--json").error["code"] == "not_permitted"

    audited = shop.command("audit", "--json", "--out", shop.folder / "audit").json
    assert (audited["verdict"], audited["checks"]["failed"]) == ("ok", 0)
    assert (shop.folder / "audit" / "audit.html").is_file()
    record = Path(done["delivery"]) / "record.json"
    assert shop.command.apart("replay", record, "--json").json == {"verdict": "identical", "event": None, "detail": ""}

    influenced = shop.command("influence", done["order"], "--json").json
    assert influenced == shop.command("influence", record, "--json").json
    parts = [row["part"] for row in influenced["training_works"]]
    assert (len(parts), sum(parts), parts) == (model_works(), 1_000_000, sorted(parts, reverse=True))
    assert {row["work"] for row in influenced["sources"]} == {one, two}
    assert shop.command("influence", "0x" + "12" * 32, "--json").error["code"] == "not_found"


@pytest.mark.slow
def test_money_of_a_holder_waits_until_it_confirms_and_a_late_refund_costs_the_operator(shop: Shop) -> None:
    tune = shop.tunes[0]
    shop.of(world.DEPLOYER)("deploy", "--json")
    site = shop.site
    for account in (world.MAKER, world.OPERATOR):
        site.writer(world.account(world.DEPLOYER)).mint_dollars(world.account(account).address, 10 * DOLLAR)
    shop.command("operator", "deposit", "5")
    split = ["--holder", f"{HOLDER}=0.5", "--holder", f"{PARTNER}=0.5"]
    registered = shop.of(3)("works", "register", shop.score(tune), "--title", tune.title, *split)
    assert f"1 holder did not confirm yet; their money waits until they do: {PARTNER}" in registered.out
    work = _id_in(registered.out)
    shop.of(3)("terms", "set", work, "--price", "private=0.20")
    consent(site)
    shop.of(world.OPERATOR)("models", "register", "--base-rate", "0.20")
    offers = [shop.folder / f"offer-{i}.json" for i in range(2)]
    for offer in offers:
        shop.command("quote", "--source", f"{work}=1", "--maker", MAKER, *shop.music, "--out", offer)

    done = shop.of(world.MAKER)("order", offers[0], "--json").json
    assert {(row["holder"], "not confirmed" in row["reason"]) for row in done["waiting"]} == {(PARTNER, True)}
    assert f"{PARTNER} has not confirmed its place" in shop.of(world.MAKER)("order", offers[0]).out
    asked = shop.of(world.MAKER)("claim", "--holder", PARTNER)
    assert "has not confirmed its place" in asked.out
    assert site.reader.balance(PARTNER, site.token()) == 0
    signed = shop.of(10)("works", "confirm", work, "--sign", "--json").json
    assert [row["holder"] for row in signed] == [PARTNER]
    assert _confirmed(shop, work) == [True, False]
    assert len(shop.of(10)("works", "confirm", work, "--json").json) == 1
    assert _confirmed(shop, work) == [True, True]
    assert shop.of(10)("works", "confirm", work, "--json").json == []
    (paid,) = shop.of(world.MAKER)("claim", "--holder", PARTNER, "--json").json
    assert site.reader.balance(PARTNER, site.token()) == int(paid["amount"]) > 0

    quoted = SignedQuote.from_bytes(offers[1].read_bytes())
    maker = site.writer(world.account(world.MAKER))
    maker.fund(quoted.quote, quoted.signature, bytes(32), quoted.terms, quoted.grants())
    before = site.reader.balance(MAKER, site.token())
    for method, *parameters in (("evm_increaseTime", 3 * 86_400), ("evm_mine",)):
        site.connection.web3.provider.make_request(method, parameters)  # type: ignore[arg-type]
    refunded = shop.of(world.MAKER)("refund", offers[1], "--json").json
    assert int(refunded["penalty"]) == quoted.quote.escrow // 10
    gained = quoted.quote.escrow + int(refunded["penalty"])
    assert site.reader.balance(MAKER, site.token()) - before == gained
    status = shop.command("operator", "status", "--json").json
    assert int(status["bond"]) == 5 * DOLLAR - int(refunded["penalty"])
    assert shop.command("audit", "--json").json["verdict"] == "ok"


@pytest.mark.slow
def test_people_read_titles_amounts_and_the_next_step(shop: Shop, tmp_path: Path) -> None:
    """The whole way in words: no line is wider than a terminal unless it is one that is copied."""
    first, second = shop.tunes
    said = [shop.of(world.DEPLOYER)("deploy")]
    site = shop.site
    assert "has every role" in said[0].out
    for account in (world.MAKER, world.OPERATOR):
        site.writer(world.account(world.DEPLOYER)).mint_dollars(world.account(account).address, 10 * DOLLAR)
    said.append(shop.of(3)("works", "register", shop.score(first), "--title", first.title))
    said.append(shop.of(4)("works", "register", shop.score(second), "--title", ODD_TITLE))
    one, two = (_id_in(answer.out) for answer in said[1:])
    said += [shop.command("operator", "deposit", "2"), shop.command("operator", "status")]
    assert "2.00 TUSD" in said[-1].out
    assert f"Next: contrafact terms set {one}" in said[1].out
    said.append(shop.of(3)("terms", "set", one[:10], "--price", "private=0.20", "--valid-until", "2030-12-31"))
    assert "private 0.20 TUSD" in said[-1].out
    assert "2030-12-31 00:00 UTC" in said[-1].out
    said.append(shop.of(4)("terms", "set", two[:10], "--price", "private=0.35"))
    consent(site)
    said.append(shop.of(world.OPERATOR)("models", "register", "--base-rate", "0.20"))
    assert "learnt from 2662 works, each with its licensor's consent" in said[-1].out
    said.append(shop.command("works", "list"))
    assert "2 works" in said[-1].out
    assert f"{one[:10]}…{one[-4:]}" in said[-1].out
    said += [
        shop.command("works", "show", two[:10]),
        shop.command("terms", "show", one),
        shop.command("models", "list"),
        shop.command("collections", "list"),
        shop.command("models", "manifest", _id_in(said[-2].out)),
    ]
    offer = shop.folder / "offer.json"
    sources = [f"--source={one[:10]}=0.6", f"--source={two[:10]}=0.4"]
    said.append(shop.command("quote", *sources, f"--maker={MAKER}", *shop.music, f"--out={offer}"))
    assert f"To pay: contrafact order {offer}" in said[-1].out
    assert "you pay at most" in said[-1].out
    site.writer(world.account(4)).set_threshold(site.token(), DOLLAR)
    said.append(shop.of(world.MAKER)("order", offer))
    assert "back to you" in said[-1].out
    delivered = Path(said[-1].out.rsplit("Files: ", 1)[1].strip())
    assert f"as in the record: 0x{hashlib.sha256((delivered / 'LICENCE.txt').read_bytes()).hexdigest()}" in said[-1].out
    said.append(shop.of(world.MAKER)("claim", "--holder", SECOND))
    assert "TUSD" in said[-1].out
    said.append(shop.of(world.MAKER)("claim", "--holder", SECOND))
    assert said[-1].out == f"There is nothing to claim for {SECOND} now.\n"
    said += [shop.command("audit"), shop.command("replay", delivered / "record.json")]
    assert said[-2].out.startswith("ok: ")
    assert (
        said[-1].out
        == "identical: every draw and every note follows (sound, payments and terms are the audit's to check)\n"
    )
    deployed, *others = said
    assert (deployed.code, deployed.err.splitlines()[0]) == (0, "Authority …")  # its steps, as there is no terminal
    assert [(answer.code, answer.err) for answer in others] == [(0, "")] * len(others)
    everything = "".join(answer.out for answer in said)
    assert ODD_TITLE.replace("\x1b", "\ufffd") in everything  # no markup is read from it, nothing controls the terminal
    assert max(map(len, (row for row in everything.splitlines() if row[:1] in "┏┃┡│└"))) <= 80

    mistaken = shop.command.under(store=f"folder:{tmp_path}/mistyped")
    assert (mistaken("audit").code, "no such folder" in mistaken("audit").err) == (3, True)
    (tmp_path / "mistyped").mkdir()
    assert (mistaken("audit").code, "holds nothing of this catalogue" in mistaken("audit").out) == (11, True)
    assert "(not in this" in mistaken("works", "list").out
    assert "left out" in mistaken.under(key_file=key_file(tmp_path, 3))("claim").err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    answer = Command({})(*command.split(), "--help")
    assert answer.code == 0
    assert f"contrafact {command}".strip() in answer.out
    assert all(len(line) <= 80 for line in answer.out.splitlines())


@pytest.mark.slow
def test_shells_complete_commands(tmp_path: Path) -> None:
    asked = {"_CONTRAFACT_COMPLETE": "complete_bash", "COMP_WORDS": "contrafact wo", "COMP_CWORD": "1"}
    assert Command({}).apart(**asked).out.split() == ["works"]


def _confirmed(shop: Shop, work: str) -> list[bool]:
    return [row["confirmed"] for row in shop.command("works", "show", work, "--json").json["rights_holders"]]


def _id_in(text: str) -> str:
    found = re.search("0x[0-9a-f]{64}", text)
    assert found is not None, text
    return found[0]


def _tunes() -> tuple[PackedTune, PackedTune]:
    """A reel as ABC and a chorale as MIDI, both in four quarters and in major."""
    alike = [
        tune
        for tune in load_pack().by_role("catalogue")
        if (tune.score.metre.beats, tune.score.metre.unit, tune.score.key.mode) == (4, 4, "major")
    ]
    abc = next(tune for tune in alike if tune.media_type.startswith("text/"))
    return abc, next(tune for tune in alike if tune.media_type == "audio/midi")
