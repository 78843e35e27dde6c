"""What happens every day: a seeded fault is only worth finding where all of this still works."""

from __future__ import annotations

from contrafact.domain.prices import Use
from contrafact.domain.shares import PPM

from ..amounts import Amounts
from ..chain import NATIVE
from ..disputes import REASONS, Earning
from ..hostile import Reaction, funded_by, react
from ..world import DAY, Deal, claim
from .people import FuzzWorld


def happy_path(world: FuzzWorld) -> None:
    """Orders, royalties, disputes, the training pool and recovery, each once; whoever has a right gets it."""
    with world.chain.undone():
        earning = world.earning([(world.holders[0], 400_000), (world.holders[1], 600_000)])
        _holders_are_paid(world, earning)
        _orders_go_on(world)
        _a_lost_holder_is_recovered(world, earning)
        _a_contest_moves_what_is_held(world, earning)
        _the_pool_shares_out(world)
        _late_orders_are_refunded(world)


def _holders_are_paid(world: FuzzWorld, earning: Earning) -> None:
    first, second = world.holders[:2]
    token = earning.token
    world.escrow.send(first, "claim", world.claim_of(earning.work, 0))
    world.confirm(earning.work, token, 1)
    world.escrow.send(world.thief, "payout", [world.claim_of(earning.work, 1)])
    assert (world.balance(token, first), world.balance(token, second)) == (400, 600)


def _orders_go_on(world: FuzzWorld) -> None:
    """One is raised, earns again, and is challenged."""
    deal = world.funded(use=Use.PRIVATE)
    world.commit(deal)
    words = [list(terms.to_words()) for terms in deal.terms]
    world.escrow.send(world.maker, "raiseUse", *_committed(world, deal, Use.PRIVATE), Use.COMMERCIAL, words)
    world.escrow.send(world.rogue, "payDownstream", *_committed(world, deal, Use.COMMERCIAL), 1_000_000)
    world.desk.send(world.claimant, "challenge", *_committed(world, deal, Use.COMMERCIAL), REASONS)
    before = world.balance(deal.quote.token, world.maker)
    world.desk.send(world.arbiter, "ruleChallenge", deal.quote.to_abi(), [1, 2, 3], 4)
    assert world.balance(deal.quote.token, world.maker) - before == 4


def _committed(world: FuzzWorld, deal: Deal, use: Use) -> tuple[object, ...]:
    return deal.quote.to_abi(), deal.salt, world.commit_of(deal).to_abi(), use


def _a_lost_holder_is_recovered(world: FuzzWorld, earning: Earning) -> None:
    lost, heir = world.holders[1], world.holders[2]
    world.recovery.send(lost, "setGuardian", world.deputy)
    world.recovery.send(world.deputy, "startRecovery", lost, heir)
    world.chain.travel(world.chain.now + 30 * DAY)
    place = world.claim_of(earning.work, 1)
    world.recovery.send(world.thief, "recover", place)
    world.pay_in(earning, 1000)
    before = world.balance(earning.token, heir)
    world.escrow.send(world.thief, "payout", [place])
    assert world.balance(earning.token, heir) > before


def _a_contest_moves_what_is_held(world: FuzzWorld, earning: Earning) -> None:
    contest = world.contest(earning.work)
    world.hold(contest, earning.account, 100)
    world.pay_in(earning, 700)
    assert world.held(earning) == 700
    world.rule(contest, 500_000)
    awarded = claim(earning.work.work_id, world.claimed, earning.token, 0)
    assert world.escrow.get("claimable", awarded) == 350 * 400_000 // PPM


def _the_pool_shares_out(world: FuzzWorld) -> None:
    model_id = next(model_id for model_id, (_, rates) in world.models.items() if rates[NATIVE] == (500_000, 0))
    quote = world.quote(model_id=model_id, pool_root=world.models[model_id][0].root)
    world.commit(world.funded(quote))
    key = (model_id, quote.token)
    world.training.send(world.thief, "collect", *key)
    tree = Amounts.of([(world.claimant, 60_000), (world.rival, 140_000)])  # what 10 % of the base rate brought in
    world.training.send(world.operator, "closeEpoch", *key, tree.root, tree.total, REASONS)
    before = world.balance(quote.token, world.rival)
    world.training.send(world.thief, "claimEpoch", *key, 1, tree.leaves[1].to_abi(), tree.proof(1))
    assert world.balance(quote.token, world.rival) - before == 140_000


def _late_orders_are_refunded(world: FuzzWorld) -> None:
    """One of a maker that does not take the money at first."""
    deal = funded_by(world, world.doll)
    react(world, world.doll, Reaction.REJECT)
    world.chain.travel(deal.quote.deadline + 1)
    world.refund(deal)
    react(world, world.doll, Reaction.ACCEPT)
    before = world.chain.balance(world.doll.address)
    world.escrow.send(world.thief, "withdrawOwed", NATIVE, world.doll.address)
    assert world.chain.balance(world.doll.address) - before >= deal.quote.escrow
