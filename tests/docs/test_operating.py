"""The commands of docs/operating.md work as they stand and in order, while what they are for happens between them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from contrafact.demo import world
from contrafact.domain.digests import from_hex, sha256
from contrafact.domain.orders import order_id
from contrafact.domain.quotes import SignedQuote
from contrafact.ledger.contracts import Contracts
from contrafact.ports import Bond
from contrafact.settings import Settings
from contrafact.wiring import Site
from contrafact.wiring.standing import Standing, checks
from hardhat_free_devnet import Devnet

DOCS = Path(__file__).resolve().parents[2] / "docs"
COIN = 10**18
DAY = 86_400
OPERATOR, MAKER, STRANGER = world.account(1).address, world.account(2), world.account(8)


def blocks(page: str, language: str = "sh") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / page).read_text(), re.M | re.S)


class Operator:
    """Somebody who follows the page in one shell, and the people and accidents around."""

    def __init__(self, folder: Path, node: Devnet) -> None:
        self.folder, self.node = folder, node
        (signer,) = blocks("operating.md", "toml")
        (folder / "bond.toml").write_text(signer.replace("http://127.0.0.1:8545", node.url))
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "COLUMNS": "200",
            "CONTRAFACT_POLL_SECONDS": "0.05",
            "CONTRAFACT_RPC_URL": node.url,
            "EXAMPLES": str(DOCS / "examples"),
            "NODE_A": "http://127.0.0.1:1",
            "NODE_B": node.url,
        }

    def follow(self, block: str) -> str:
        """Runs a block of commands in the shell as the last one left it. Returns what it said."""
        script = f"[ -e .shell ] && source ./.shell\nset -a\n{block}\nset +a\nexport -p > .shell"
        command = ["bash", "-euo", "pipefail", "-c", script]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    @property
    def site(self) -> Site:
        return Site(
            Settings(
                rpc_url=self.node.url,
                deployment=self.folder / "deployments/31337.json",
                store=f"folder:{self.folder / 'contrafact-store'}",
                home=self.folder / "elsewhere",
                token="native",
            )
        )

    def rpc(self, method: str, *parameters: object) -> None:
        answer = self.site.connection.web3.provider.make_request(method, list(parameters))  # type: ignore[arg-type]
        assert "error" not in answer, answer

    # What happens around

    def send_coin(self) -> None:
        """The signing key gets its coin."""
        address = "0x" + json.loads((self.folder / "signing.json").read_text())["address"]
        self.rpc("hardhat_setBalance", address, hex(COIN // 10))

    def pay(self, name: str) -> bytes:
        """A maker pays a quote from a wallet elsewhere."""
        site, signed = self.site, SignedQuote.from_bytes((self.folder / name).read_bytes())
        site.writer(MAKER).fund(signed.quote, signed.signature, bytes(32), signed.terms, signed.grants())
        return order_id(signed.quote, site.reader.domain)

    def reorganise(self) -> None:
        """The newest commit and all after it are dropped."""
        site = self.site
        depth = site.connection.head() - site.reader.committed()[-1].block + 1
        self.rpc("anvil_reorg", depth, [])

    def miss_a_deadline(self) -> None:
        self.pay("late.json")
        self.pass_days(3)

    def pass_days(self, days: int) -> None:
        self.rpc("evm_increaseTime", days * DAY)
        self.rpc("evm_mine")

    def challenge(self) -> None:
        """Somebody challenges the commit of the first order; the new signing key has its coin by now."""
        self.send_coin()
        site = self.site
        identifier = from_hex(json.loads((self.folder / "one.receipt").read_text())["order"])
        (funded,), (settled,) = site.reader.funded(identifier), site.reader.committed(identifier)
        desk = Contracts(site.connection, site.deployment).desk.functions
        quote = funded.quote.to_abi()
        bond = site.connection.call(desk.challengeBondOf(quote))
        given = (quote, funded.maker_salt, settled.commit.to_abi(), int(funded.quote.use), sha256(b"evidence"))
        site.connection.send(desk.challenge(*given), STRANGER, bond)


@pytest.mark.slow
def test_the_page_leads_through_the_life_of_an_operator(tmp_path: Path) -> None:
    with Devnet() as node:
        operator = Operator(tmp_path, node)
        happens = {
            "MAX_BASE_SHARE": operator.send_coin,
            "tar --create": lambda: operator.pay("two.json"),
            "resume\ncontrafact audit": operator.reorganise,
            "refund": operator.miss_a_deadline,
            "replay": operator.challenge,
            "withdraw --operator": lambda: operator.pass_days(21),
        }
        said = ["".join(map(operator.follow, blocks("guide.md")[:3]))]
        for block in blocks("operating.md"):
            for words in [words for words in happens if words in block]:
                happens.pop(words)()
            said.append(operator.follow(block))
        assert not happens
        everything = "\n".join(said)
        for words in (
            "1 order run",
            "with its certificate",
            "its commit is challenged",
            "identical",
            "Refunded",
            "being withdrawn",
        ):
            assert words in everything
        require_all_is_well(operator)


def require_all_is_well(operator: Operator) -> None:
    """Two orders were settled, the third was refunded, and the bond came back."""
    site = operator.site
    assert len(site.reader.committed()) == 2
    (refunded,) = site.reader.refunded()
    assert refunded.penalty > 0
    assert site.reader.withdrawal(OPERATOR, site.token())[0] == 0
    assert site.reader.bond(OPERATOR, site.token()).amount == 4 * COIN // 100 - refunded.penalty
    status = json.loads((operator.folder / "status.json").read_text())
    assert status["ok"]
    assert status["signer"].lower() != OPERATOR.lower()
    assert (operator.folder / "audit/audit.html").is_file()


def test_the_page_names_every_check_of_status_and_no_other() -> None:
    nothing_open = Standing("0xop", None, 1, 1, Bond(1, 0), (), (), "0xop", 1, 1, ())
    (table,) = re.findall(r"^\| check of .*\n\|.*\n((?:\|.*\n)+)", (DOCS / "operating.md").read_text(), re.M)
    listed = {line.split("|")[1].strip() for line in table.splitlines()}
    assert listed == {check.name for check in checks(nothing_open)} | {"challenge", "consent"}
