"""Transactions that this client sends: other people's wallets make the same bytes of the same fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from eth_account.messages import SignableMessage
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from contrafact.domain.digests import sha256
from contrafact.domain.terms import NATIVE
from contrafact.ledger.artifacts import load
from contrafact.ledger.connection import Connection
from contrafact.ledger.networks import KNOWN, FeeKind, of_chain
from contrafact.ledger.policy import Policy
from contrafact.ledger.signer import RawTransaction, Signature
from contrafact.ledger.writer import Writer
from hardhat_free_devnet import Devnet
from tests.clients.anvil import CAST
from tests.clients.wallets import LIBRARIES, Job, ask, cast_transaction, missing_library

from .scene import Scene

Sent = list[tuple[Job, dict[str, str]]]


class Recording:
    """A key in memory that keeps what it was asked to sign, as a wallet would be asked, and what it signed."""

    def __init__(self, account: LocalAccount, sent: Sent) -> None:
        self.address: str = account.address
        self._account, self._sent = account, sent

    def sign_transaction(self, transaction: dict[str, Any], /) -> RawTransaction:
        signed = self._account.sign_transaction(transaction)
        raw = bytes(signed.raw_transaction)
        fields = {"type": hex(0 if "gasPrice" in transaction else 2)} | {
            name: hex(value) if isinstance(value, int) else value for name, value in transaction.items()
        }
        job = {"do": "transaction", "key": "0x" + self._account.key.hex(), "transaction": fields}
        self._sent.append((job, {"raw": "0x" + raw.hex(), "hash": "0x" + keccak(raw).hex()}))
        made: RawTransaction = signed
        return made

    def sign_message(self, message: SignableMessage, /) -> Signature:
        signed: Signature = self._account.sign_message(message)
        return signed


@pytest.fixture
def names(_scene: Scene) -> dict[str, str]:
    """The contracts' names, by address."""
    return {address.lower(): name for name, address in _scene.deployment.contracts.items()}


@pytest.fixture(scope="module", params=[FeeKind.LEGACY, FeeKind.DYNAMIC])
def sent(_scene: Scene, node: Devnet, request: pytest.FixtureRequest) -> Iterator[Sent]:
    """What somebody sends who registers and licenses a work, and who pays, settles and claims two orders."""
    network = of_chain(node.chain_id, KNOWN).model_copy(update={"fees": request.param})
    connection = Connection.open(node.url, policy=Policy(networks=(network,)))
    with _scene.undone():
        yield _send(_scene, connection)
    connection.close()


def _send(scene: Scene, connection: Connection) -> Sent:
    sent: Sent = []
    people = {
        role: Writer(connection, scene.deployment, Recording(scene.keys[role], sent))
        for role in ("maker", "bach", "composer", "stranger")
    }
    metadata = replace(scene.metadata[0], content=sha256(b"another file"))
    work, _ = people["bach"].register_work(metadata)
    people["bach"].set_terms(work, metadata.split.root, scene.terms[0])
    for token in (NATIVE, scene.dollar):
        deal = scene.deal(token)
        people["maker"].fund(*deal.fund_arguments())
        commit, signature = scene.commit(deal)
        people["stranger"].commit(deal.quote, deal.fund_arguments()[2], commit, signature)
        people["composer"].claim(scene.claim(0, 0, token))
    return sent


def test_what_was_sent_covers_the_fee_kind_asked_for(sent: Sent, request: pytest.FixtureRequest) -> None:
    kinds = {job["transaction"]["type"] for job, _ in sent}
    assert len(sent) == 9  # the dollars were approved first
    assert kinds in ({"0x0"}, {"0x2"})


@pytest.mark.parametrize("library", LIBRARIES)
def test_library_signs_the_same_transactions_to_the_byte(sent: Sent, library: str) -> None:
    if reason := missing_library(library):
        pytest.skip(reason)
    assert ask(library, [job for job, _ in sent]) == [signed for _, signed in sent]


def test_cast_signs_the_same_transactions_to_the_byte(sent: Sent, node: Devnet) -> None:
    if not CAST.exists():
        pytest.skip("cast is not installed: run ./scripts/test, or npm ci in tests/clients")
    assert [cast_transaction(job, node.url) for job, _ in sent] == [signed for _, signed in sent]


@pytest.mark.parametrize("library", LIBRARIES)
def test_library_reads_the_calls_by_the_contracts_abi_and_writes_them_again(
    sent: Sent, names: dict[str, str], library: str
) -> None:
    if reason := missing_library(library):
        pytest.skip(reason)
    calls = [job["transaction"] for job, _ in sent]
    jobs = [{"do": "calldata", "abi": load(names[c["to"].lower()]).abi, "data": c["data"]} for c in calls]
    answers = ask(library, jobs)
    assert [answer["data"] for answer in answers] == [call["data"] for call in calls]
    assert {answer["name"] for answer in answers} == {"register", "setTerms", "approve", "fund", "commit", "claim"}
