"""A rights holder that is a contract: the command line asks the chain about its signature."""

from __future__ import annotations

import pytest

from contrafact.demo import world
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.splits import Split
from contrafact.ledger.signing import sign_confirmation
from tests.ledger.contract_wallet import ContractWallet

from .command import Answer
from .test_cli_refusals import MAKER, Desk
from .test_cli_refusals import desk as desk

pytestmark = pytest.mark.slow
TUNE = b"X:1\nT:A\nM:4/4\nL:1/8\nK:D\nD2A2 c2e2|f4 B4|G2E2 C2B,2|D8|a2g2 d2B2|e4 F4|A2c2 E2G2|D8|\n"


def test_work_is_registered_with_the_confirmation_of_a_contract_wallet(desk: Desk) -> None:
    tune, reader = TUNE, desk.site.reader
    path = desk.folder / "tune.abc"
    path.write_bytes(tune)
    wallet = ContractWallet(reader.connection, world.account(9))
    split = Split.of([(MAKER, 500_000), (wallet.address, 500_000)])
    work = reader.work_id_of(MAKER, sha256(tune))
    holders = [f"--holder={MAKER}=0.5", f"--holder={wallet.address}=0.5"]

    def register(owner: int) -> Answer:
        signed = sign_confirmation(world.account(owner), work, split.root, split.leaves[1], reader.domain)
        given = f"--confirmation={wallet.address}=0x{signed.hex()}"
        return desk.command("works", "register", path, "--title=A", *holders, given, "--json")

    refused = register(8)
    assert (refused.error["code"], refused.code) == ("invalid_input", 2)
    assert register(9).json["work"] == to_hex(work)
    shown = desk.command("works", "show", to_hex(work), "--json").json
    assert [row["confirmed"] for row in shown["rights_holders"]] == [True, True]
