"""Contract wallets (ERC-1271), through this client, on two nodes: they license, order, sell and are paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from contrafact.domain.confirmations import confirmation_message
from contrafact.domain.digests import sha256
from contrafact.domain.grants import Grant
from contrafact.domain.history import Claim
from contrafact.domain.orders import Source, approval_message, order_id, order_message
from contrafact.domain.splits import Split
from contrafact.domain.terms import NATIVE, Use
from contrafact.domain.typed_data import digest
from contrafact.errors import ContractError, InvalidInput, InvalidOrder
from contrafact.ledger.connection import Connection
from contrafact.ledger.signing import (
    check_commit_signature,
    check_confirmation,
    check_quote_signature,
    sign_confirmation,
    sign_quote,
)
from contrafact.ledger.writer import Writer
from contrafact.ports import OrderStatus
from hardhat_free_devnet import Devnet
from tests.clients.anvil import Anvil, missing

from .contract_wallet import ContractWallet, writer_of
from .scene import BOND, FEE, ROLES, SALT, Deal, Scene

pytestmark = pytest.mark.slow
NO_PERMIT = (0, 0, bytes(32), bytes(32))


@pytest.fixture(scope="module", params=["devnet", "anvil"])
def place(request: pytest.FixtureRequest) -> Iterator[tuple[str, Scene]]:
    """A node's URL, and the scene there."""
    if request.param == "devnet":
        node: Devnet = request.getfixturevalue("node")
        yield node.url, request.getfixturevalue("_scene")
        return
    if reason := missing():
        pytest.skip(reason)
    with Anvil("--accounts", str(len(ROLES))) as anvil:
        keys = [anvil.account(i) for i in range(len(ROLES))]
        yield anvil.url, Scene(Connection.open(anvil.url, 31337), keys)


@pytest.fixture
def scene(place: tuple[str, Scene]) -> Iterator[Scene]:
    with place[1].undone():
        yield place[1]


@pytest.fixture
def wallet(scene: Scene) -> Callable[[str], ContractWallet]:
    """A wallet that belongs to somebody of the scene."""
    return lambda role: ContractWallet(scene.connection, scene.keys[role])


@pytest.fixture
def writer(scene: Scene, place: tuple[str, Scene]) -> Iterator[Callable[[ContractWallet], Writer]]:
    made: list[Writer] = []

    def writer(wallet: ContractWallet) -> Writer:
        made.append(writer_of(wallet, place[0], scene.deployment))
        return made[-1]

    yield writer
    for one in made:
        one.connection.close()


def status(scene: Scene, deal: Deal) -> OrderStatus:
    return scene.reader.order_status(deal.order_id)


# A licensor


def test_wallet_registers_a_work_licenses_it_and_approves_each_order(
    scene: Scene, wallet: Callable[[str], ContractWallet], writer: Callable[[ContractWallet], Writer]
) -> None:
    owner = wallet("bach")
    metadata, terms = replace(scene.metadata[0], content=sha256(b"a wallet's")), replace(scene.terms[0], approval=True)
    work, _ = writer(owner).register_work(metadata)
    version, _ = writer(owner).set_terms(work, metadata.split.root, terms)
    assert scene.reader.licensor_of(work) == owner.address
    source = Source(work, version, metadata.split.root, 1_000_000, 250_000, terms.price(Use.COMMERCIAL, NATIVE))
    deal = scene.signed(replace(scene.deal().quote, sources=(source,)), (terms,))
    for role, taken in (("anon", False), ("bach", True)):
        message = approval_message(deal.order_id, work, scene.deployment.domain)
        grant = Grant(approval=bytes(scene.keys[role].sign_message(message).signature))
        assert scene.reader.accepts(owner.address, digest(message), grant.approval) is taken
        if taken:
            scene.writer("maker").fund(*deal.fund_arguments(), [grant])
        else:
            with pytest.raises(ContractError):
                scene.writer("maker").fund(*deal.fund_arguments(), [grant])
    assert status(scene, deal) is OrderStatus.FUNDED


# A maker


@pytest.mark.parametrize("native", [True, False], ids=["coin", "dollar"])
def test_wallet_funds_an_order_by_a_transaction_and_gets_back_what_is_left(
    scene: Scene, wallet: Callable[[str], ContractWallet], writer: Callable[[ContractWallet], Writer], native: bool
) -> None:
    maker, token = wallet("maker"), NATIVE if native else scene.dollar
    deal = scene.deal(token, maker=maker.address)
    if not native:
        scene.writer("deployer").mint_dollars(maker.address, deal.quote.escrow)
    writer(maker).fund(*deal.fund_arguments())
    commit, signature = scene.commit(deal)
    scene.writer("stranger").commit(deal.quote, SALT, commit, signature)
    rest = deal.quote.settle(commit.base_share, commit.shares).refunded
    assert scene.reader.balance(maker.address, token) == rest > 0


def test_wallets_order_is_relayed_with_its_owners_signature(
    scene: Scene, wallet: Callable[[str], ContractWallet], writer: Callable[[ContractWallet], Writer]
) -> None:
    maker = wallet("maker")
    deal = scene.deal(scene.dollar, maker=maker.address)
    scene.writer("deployer").mint_dollars(maker.address, deal.quote.escrow)
    dollar = scene.connection.contract("TestDollar", scene.dollar)
    allow = dollar.functions.approve(scene.deployment.escrow, deal.quote.escrow)
    scene.connection.send(maker.perform(allow), maker.owner)
    message = order_message(deal.quote, SALT, scene.deployment.domain)
    escrow = scene.connection.contract("GenerationEscrow", scene.deployment.escrow)
    words = [list(terms.to_words()) for terms in deal.terms]

    def relay(role: str) -> None:
        signed = bytes(scene.keys[role].sign_message(message).signature)
        given = (deal.quote.to_abi(), words, [], SALT, deal.signature, signed, NO_PERMIT)
        scene.connection.send(escrow.functions.fundFor(*given), scene.keys["stranger"])

    with pytest.raises(ContractError):
        relay("stranger")
    relay("maker")
    assert status(scene, deal) is OrderStatus.FUNDED
    assert scene.reader.balance(maker.address, scene.dollar) == 0


# An operator


def test_wallet_sells_a_piece_as_its_operator(scene: Scene, wallet: Callable[[str], ContractWallet]) -> None:
    seller, domain, reader = wallet("operator"), scene.deployment.domain, scene.reader
    scene.writer("operator").deposit_bond(NATIVE, BOND, seller.address)
    deal = scene.deal(operator=seller.address)
    check_quote_signature(deal.quote, deal.signature, domain, reader.accepts)
    with pytest.raises(InvalidOrder):  # who cannot ask the chain does not know
        check_quote_signature(deal.quote, deal.signature, domain)
    forged = sign_quote(scene.keys["stranger"], deal.quote, domain)
    with pytest.raises(InvalidOrder):
        check_quote_signature(deal.quote, forged, domain, reader.accepts)
    scene.writer("maker").fund(*deal.fund_arguments())
    commit, signature = scene.commit(deal)
    check_commit_signature(commit, seller.address, signature, domain, reader.accepts)
    scene.writer("stranger").commit(deal.quote, SALT, commit, signature)
    assert reader.balance(seller.address) == FEE


def test_account_without_code_says_yes_to_nothing(scene: Scene) -> None:
    deal = scene.deal()
    assert not scene.reader.accepts(scene.address("operator"), order_id(deal.quote, scene.deployment.domain), b"")


@pytest.mark.parametrize("contract", ["TestDollar", "GenerationEscrow"])
def test_contract_that_does_not_know_the_question_says_yes_to_nothing(scene: Scene, contract: str) -> None:
    deal = scene.deal()
    assert not scene.reader.accepts(scene.deployment.contracts[contract], deal.order_id, deal.signature)


# A rights holder


@pytest.mark.parametrize("native", [True, False], ids=["coin", "dollar"])
def test_wallet_confirms_its_place_by_signature_and_is_paid(
    scene: Scene, wallet: Callable[[str], ContractWallet], native: bool
) -> None:
    holder, token = wallet("composer"), NATIVE if native else scene.dollar
    split, domain = Split.of([(holder.address, 600_000), (scene.address("anon"), 400_000)]), scene.deployment.domain
    metadata = replace(scene.metadata[0], content=sha256(b"another"), split=split)
    work, _ = scene.writer("bach").register_work(metadata)
    version, _ = scene.writer("bach").set_terms(work, split.root, scene.terms[0])
    price = scene.terms[0].price(Use.COMMERCIAL, token)
    source = Source(work, version, split.root, 1_000_000, 250_000, price)
    scene.settle(scene.signed(replace(scene.deal(token).quote, sources=(source,)), (scene.terms[0],)))
    mine = Claim(work, split.root, token, split.leaves[0], split.proof(0))
    due = scene.reader.claimable(mine)
    forged = sign_confirmation(scene.keys["anon"], work, split.root, mine.leaf, domain)
    with pytest.raises(InvalidInput):
        check_confirmation(forged, work, split.root, mine.leaf, domain, scene.reader.accepts)
    with pytest.raises(ContractError):
        scene.writer("stranger").confirm([mine], [forged])
    signed = sign_confirmation(scene.keys["composer"], work, split.root, mine.leaf, domain)
    assert scene.reader.accepts(
        holder.address, digest(confirmation_message(work, split.root, mine.leaf, domain)), signed
    )
    check_confirmation(signed, work, split.root, mine.leaf, domain, scene.reader.accepts)
    scene.writer("stranger").confirm([mine], [signed])
    scene.writer("stranger").payout([mine])
    assert scene.reader.balance(holder.address, token) == due > 0
