"""Money that goes where it must not, while another contract stood in the place of the published one."""

from __future__ import annotations

from typing import Any

from contrafact.demo import world
from contrafact.domain.digests import sha256
from contrafact.domain.epoch_tree import EpochClaim
from contrafact.domain.history import Claim, RoyaltyAccount
from contrafact.domain.prices import Use
from contrafact.domain.splits import account_id
from contrafact.domain.terms import NATIVE
from contrafact.ledger.calls import Calls
from contrafact.ledger.calls.orders import Finished
from contrafact.ledger.construction import MIN_CONTEST_BOND
from contrafact.ledger.contracts import Contracts
from contrafact.wiring import Site
from tests.contracts.trees import leaf_node
from tests.e2e.tampering.false_registrations import LIAR
from tests.e2e.tampering.stage import Scene
from tests.e2e.town import SALT, maker

from . import registrations
from .crooked import (
    as_the_contract,
    code_at,
    crooked,
    mine,
    pass_until,
    puppet_abi,
    puppet_code,
    replace_code,
    rpc,
    say,
)
from .founding import terms_of
from .nodes import without
from .orders import anew, claim_of, commit_of, fund, loose, source_of
from .plots import plot
from .selling import THIEF

DAY = 86_400


def calls(site: Site) -> Calls:
    return Calls(Contracts(site.connection, site.deployment))


def escrow(site: Site) -> Any:
    return site.connection.contract("GenerationEscrow", site.deployment.escrow)


def token(site: Site) -> Any:
    return site.connection.contract("TestDollar", site.token())


# Settling


@plot("skimmed rounding", "money.transfers")
def skimmed_rounding(scene: Scene) -> bytes:
    """Of what rounding leaves, the maker is told all and sent one unit less, which the operator has."""
    with crooked(scene.site, "GenerationEscrow", "ShortChangeEscrow"):
        scene.deliver(scene.stage.honest)
    return scene.stage.order_id


@plot("self-dealing fee", "money.settlement")
def self_dealing_fee(scene: Scene) -> bytes:
    """The first source is credited a unit less, and the operator sent one more than its fee."""
    with crooked(scene.site, "GenerationEscrow", "ShortCreditEscrow"):
        scene.deliver(scene.stage.honest)
    return scene.stage.order_id


@plot("settled twice", "order.once")
def settled_twice(scene: Scene) -> bytes:
    """Delivered, and given back after the deadline; another order's escrow pays for it."""
    stage, site = scene.stage, scene.site
    fund(site, anew(stage.quote, deadline=stage.quote.deadline + DAY), stage.order.signed.terms)
    scene.deliver(stage.honest)
    pass_until(site, stage.quote.deadline + 60)
    mine(site)
    with crooked(site, "GenerationEscrow", "RefundAfterCommit"):
        site.writer(maker()).refund(stage.order.funded)
    return stage.order_id


@plot("unpaid refund", "money.balance")
def unpaid_refund(scene: Scene) -> bytes | str:
    """The event says that all came back; a unit did not."""
    stage, site = scene.stage, scene.site
    with crooked(site, "GenerationEscrow", "ShortRefundEscrow"):
        pass_until(site, stage.quote.deadline + 60)
        mine(site)
        site.writer(maker()).refund(stage.order.funded)
    return site.token()


@plot("penalty to another", "money.transfers")
def penalty_to_another(scene: Scene) -> bytes:
    stage, site = scene.stage, scene.site
    with crooked(site, "GenerationEscrow", "PenaltyToSender"):
        pass_until(site, stage.quote.deadline + 60)
        mine(site)
        site.writer(THIEF).refund(stage.order.funded)
    return stage.order_id


# After the settlement


@plot("raised use underpaid", "money.balance", "money.solvent")
def raised_use_underpaid(scene: Scene) -> str:
    """The difference is credited and told, and nobody pays it."""
    site, order = scene.site, _delivered(scene)
    with crooked(site, "GenerationEscrow", "RaisedForNothing"):
        call = calls(site).orders.raise_use(order, Use.COMMERCIAL, scene.stage.order.signed.terms, 0)
        site.connection.send(call.function, maker())
    return site.token()


@plot("later revenue split wrongly", "money.settlement")
def later_revenue_split_wrongly(scene: Scene) -> bytes:
    """Each source is rounded up instead of down, and the maker has what is left."""
    site, order = scene.site, _delivered(scene)
    site.connection.send(token(site).functions.approve(site.deployment.escrow, 10**9), maker())
    with crooked(site, "GenerationEscrow", "RevenueRoundedUp"):
        call = calls(site).orders.pay_downstream(order, 1_000_003, 0)
        site.connection.send(call.function, maker())
    return scene.stage.order_id


def _delivered(scene: Scene) -> Finished:
    scene.deliver(scene.stage.honest)
    quote = scene.stage.quote
    return Finished(quote, SALT, scene.stage.honest.record.commit(), quote.use)


# Holders


def _claim(scene: Scene, i: int = 0, place: int = 0) -> Claim:
    return claim_of(i, place, scene.stage.town.works[i], scene.stage.quote.token)


def _account(claim: Claim) -> bytes:
    return account_id(claim.beneficiary, claim.split_root, claim.token)


@plot("skimmed payout", "money.sent")
def skimmed_payout(scene: Scene) -> bytes:
    """A holder is told what is its own, and sent a unit less; whoever sends payouts has it."""
    return _paid_out(scene, "SkimmingEscrow")


@plot("diverted payout", "money.sent")
def diverted_payout(scene: Scene) -> bytes:
    return _paid_out(scene, "DivertingEscrow")


def _paid_out(scene: Scene, mutant: str) -> bytes:
    site, claim = scene.site, _claim(scene)
    scene.deliver(scene.stage.honest)
    signatures = scene.stage.order.metadata[_at(scene, claim.beneficiary)].confirmations
    site.writer(THIEF).confirm([claim], [signatures[0]])
    with crooked(site, "GenerationEscrow", mutant):
        site.writer(THIEF).payout([claim])
    return _account(claim)


def _at(scene: Scene, work_id: bytes) -> int:
    return [source.work_id for source in scene.stage.quote.sources].index(work_id)


@plot("claim paid to another", "money.payee")
def claim_paid_to_another(scene: Scene) -> bytes:
    """A payment to who is no holder, told and written down as if it had been one of place 0."""
    site, claim = scene.site, _claim(scene)
    scene.deliver(scene.stage.honest)
    amount, account = site.reader.claimable(claim), _account(claim)
    as_the_contract(site, "GenerationEscrow", token(site).functions.transfer(THIEF.address, amount))
    say(site, "GenerationEscrow", "PlaceConfirmed", account, claim.leaf.holder, 0)
    say(site, "GenerationEscrow", "Paid", account, THIEF.address, 0, amount)
    _drawn(site, account, amount)
    return account


def _drawn(site: Site, account: bytes, amount: int) -> None:
    """Place 0 of the account is confirmed, and has drawn this: where `placeOf` reads it."""
    view = escrow(site).functions.placeOf(account, 0)
    listed = rpc(site, "eth_createAccessList", {"to": view.address, "data": view._encode_transaction_data()}, "latest")
    ((row),) = (row for row in listed["accessList"])
    (key,) = row["storageKeys"]
    rpc(site, "anvil_setStorageAt", row["address"], key, "0x" + (1 << 128 | amount).to_bytes(32).hex())


@plot("unconfirmed holder paid", "money.confirmed")
def unconfirmed_holder_paid(scene: Scene) -> bytes:
    """The second holder of work 2 has not confirmed; somebody pays its address all the same."""
    claim = _claim(scene, 2, 1)
    scene.deliver(scene.stage.honest)
    with crooked(scene.site, "GenerationEscrow", "UnconfirmedPaidOut"):
        scene.site.writer(THIEF).payout([claim])
    return _account(claim)


@plot("holder paid too much", "money.holder")
def holder_paid_too_much(scene: Scene) -> bytes:
    """It claims twice."""
    claim, holder = _claim(scene), world.account(3)
    scene.deliver(scene.stage.honest)
    with crooked(scene.site, "GenerationEscrow", "DrawnIgnored"):
        for _ in range(2):
            scene.site.writer(holder).claim(claim)
    return _account(claim)


@plot("held money paid", "money.held")
def held_money_paid(scene: Scene) -> bytes:
    """A claimant has the work's account held; its licensor draws on it before any ruling."""
    site, claim = scene.site, _claim(scene)
    disputes = calls(site).disputes
    contest = disputes.contest(claim.beneficiary, sha256(b"split"), sha256(b"evidence"), MIN_CONTEST_BOND)
    site.connection.send(contest.function, THIEF, contest.value)
    site.writer(THIEF).mint_dollars(THIEF.address, 10**9)
    site.connection.send(token(site).functions.approve(site.deployment.contracts["DisputeDesk"], 10**9), THIEF)
    hold = disputes.hold(1, RoyaltyAccount(claim.beneficiary, claim.split_root, claim.token), 10**8)
    site.connection.send(hold.function, THIEF)
    scene.deliver(scene.stage.honest)
    assert site.reader.claimable(claim) == 0
    with crooked(site, "GenerationEscrow", "HeldIgnored"):
        site.writer(world.account(3)).claim(claim)
    return _account(claim)


@plot("place taken over at once", "money.recovered")
def place_taken_over_at_once(scene: Scene) -> bytes:
    """The guardian need not wait for the thirty days in which the holder could object."""
    site, claim, holder = scene.site, _claim(scene), world.account(3)
    scene.deliver(scene.stage.honest)
    recovery = site.connection.contract("HolderRecovery", site.deployment.contracts["HolderRecovery"])
    site.connection.send(recovery.functions.setGuardian(THIEF.address), holder)
    site.connection.send(recovery.functions.startRecovery(holder.address, THIEF.address), THIEF)
    with crooked(site, "HolderRecovery", "RecoveredAtOnce"):
        site.connection.send(recovery.functions.recover(claim.to_abi()), THIEF)
    site.writer(THIEF).claim(claim)
    return _account(claim)


@plot("split of more than the whole", "money.paid", "money.holder", "money.payee")
def split_of_more_than_the_whole(scene: Scene) -> bytes:
    """The liar's split promises it twice of all that comes in."""
    stage, site = scene.stage, scene.site
    root = leaf_node(0, LIAR.address, 2_000_000)[0]
    terms = terms_of(0, stage.quote.token)
    work_id = registrations.with_root(scene, root, terms)
    source = source_of(0, work_id, stage.quote.token, split_root=root)
    scene.commit(commit_of(fund(site, anew(stage.quote, sources=(source,)), (terms,))))
    claim = ((work_id, root, stage.quote.token), (0, LIAR.address, 2_000_000), [])
    with crooked(site, "GenerationEscrow", "SumNotChecked"):
        site.connection.send(escrow(site).functions.claim(claim), LIAR)
    return account_id(work_id, root, stage.quote.token)


@plot("owed for ever", "money.balance", "money.solvent", "money.owed")
def owed_for_ever(scene: Scene) -> str:
    """A maker that refused its rest once is sent it twice."""
    stage, site = scene.stage, scene.site
    source = source_of(1, stage.town.works[1], NATIVE)
    funded = fund(site, loose(stage.quote, sources=(source,), token=NATIVE), (terms_of(1, stage.quote.token),))
    puppet = site.connection.web3.eth.contract(address=maker().address, abi=puppet_abi())  # type: ignore[call-overload]
    with code_at(site, maker().address, puppet_code()):
        site.connection.send(puppet.functions.setReaction(1), THIEF)
        scene.commit(commit_of(funded, base=100_000))
    assert site.reader.owed(maker().address, NATIVE)
    with crooked(site, "GenerationEscrow", "OwedForEver"):
        for _ in range(2):
            site.writer(THIEF).withdraw_owed(NATIVE, maker().address)
    return NATIVE


@plot("money gone from the escrow", "money.balance", "money.solvent")
def money_gone_from_the_escrow(scene: Scene) -> str:
    as_the_contract(scene.site, "GenerationEscrow", token(scene.site).functions.transfer(THIEF.address, 1))
    return scene.site.token()


# Pool and desk


@plot("epoch claimed twice", "pool.claims")
def epoch_claimed_twice(scene: Scene) -> bytes:
    """One holder takes its leaf twice, out of the other's part."""
    record = registrations.closing(scene)
    registrations.close(scene, record, registrations.published(scene, record))
    leaf = min(record.tree.leaves, key=lambda leaf: leaf.amount)
    claim = EpochClaim(record.key.model_id, record.key.token, 1, leaf, record.tree.proof(leaf.index))
    with crooked(scene.site, "TrainingPool", "EpochClaimedTwice"):
        for _ in range(2):
            registrations.registrant(scene).claim_epochs([claim])
    return record.key.model_id


@plot("fine that is not paid", "money.fine")
def fine_that_is_not_paid(scene: Scene) -> bytes:
    """A model learnt from a work without consent; of the fine, which is the pool's, the finder takes all."""
    site, leaf = scene.site, registrations.of_nobody()
    model, manifest = registrations.model_with(scene, leaf)
    consents = calls(site).consents
    site.connection.send(
        consents.question(model, leaf, manifest.proof(leaf), MIN_CONTEST_BOND).function, THIEF, MIN_CONTEST_BOND
    )
    pass_until(site, site.reader.timestamp() + 8 * DAY)
    mine(site)
    site.connection.send(consents.finish(model, leaf).function, THIEF)
    with crooked(site, "DisputeDesk", "FinderTakesAll"):
        site.connection.send(consents.fine_registrant(model, leaf, scene.stage.quote.token).function, THIEF)
    (fine,) = site.reader.fines()
    return fine.consent_id


@plot("event withheld by the node", "money.paid", logs=lambda logs: without(logs, "Paid"))
def event_withheld_by_the_node(scene: Scene) -> bytes:
    """The node that the auditor asks knows of no payment."""
    claim = _claim(scene)
    scene.deliver(scene.stage.honest)
    scene.site.writer(world.account(3)).claim(claim)
    return _account(claim)


@plot("crooked code", "code.published")
def crooked_code(scene: Scene) -> str:
    scene.deliver(scene.stage.honest)
    return replace_code(scene.site, "GenerationEscrow", "DivertingEscrow")
