"""Epochs of training pools: computed again from chain, manifest and rule, and held against what was closed and paid."""

from __future__ import annotations

from collections import Counter

from contrafact.audit.epochs import EpochFiles
from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Loss, Outcomes, Severity, missing
from contrafact.audit.results import Done, Skipped
from contrafact.audit.totals import TokenHistory
from contrafact.domain.digests import to_hex
from contrafact.domain.epoch_tree import repeated
from contrafact.domain.epochs import EpochKey, EpochRecord, shared_out
from contrafact.domain.pool_history import EpochClosed
from contrafact.domain.pool_rule import PoolRule, Rule, in_force
from contrafact.errors import InvalidInput

HOLDERS = "the holders of the model's training works"


def name(closed: EpochClosed) -> str:
    """How a report names an epoch: `<model>/<token>/<number>`."""
    model, token = closed.pot
    return f"{to_hex(model)}/{token}/{closed.number}"


def record(evidence: Evidence, closed: EpochClosed, judge: Judge) -> Outcomes:
    """The record is published, about this epoch, and its credits are what the chain says that the epoch took."""
    pools, files = evidence.pools, _files(evidence, closed)
    yield judge.had("pool.epoch", files.record, "The epoch's record cannot be had.")
    if not isinstance(files.record, Done):
        return
    found = files.record.value
    key = EpochKey(evidence.chain.domain.chain_id, pools.address, *closed.pot, closed.number)
    yield judge.equal("pool.epoch", found.key, key, "The record is about another epoch.")
    try:
        credits = pools.history.credits(closed)
    except InvalidInput as error:
        yield judge.that("pool.epoch", False, f"{error}")
        return
    yield judge.equal("pool.epoch", found.total, closed.total, "The record's total is not the epoch's.")
    message = "The record names other credits than the chain, which it takes in its order."
    differing = [*(set(found.credits) ^ set(credits))]
    yield judge.that("pool.epoch", found.credits == credits, message, credits=sorted(map(str, differing))[:4])


def split(evidence: Evidence, closed: EpochClosed, judge: Judge) -> Outcomes:
    """Works and holders have what follows from rule, manifest, credits and scores."""
    files = _files(evidence, closed)
    if not isinstance(files.record, Done):
        yield judge.skip("pool.split", "The epoch's record cannot be had.")
        return
    found, rule = files.record.value, evidence.pools.rules.get(closed.pot[0], PoolRule())
    yield judge.equal("pool.split", found.rule, rule, "The record names another rule than the model's.")
    if isinstance(files.evaluation, Skipped) and rule.rule is Rule.INFLUENCE:
        yield judge.skip("pool.split", files.evaluation.reason)
        return
    model = evidence.chain.model.get(closed.pot[0])
    weights = model.weights if model else bytes(32)
    expected = in_force(rule, weights, files.evaluation.value if isinstance(files.evaluation, Done) else None)
    message = f"The rule that was applied is not the one in force. {expected.reason}"
    yield judge.equal("pool.split", found.applied, expected.rule, message)
    manifest = model.manifest if model else bytes(32)
    yield judge.equal("pool.split", found.manifest, manifest, "The record names another training manifest.")
    yield from _shared(evidence, closed, found, files, rule, expected.rule, judge)


def root(evidence: Evidence, closed: EpochClosed, judge: Judge) -> Outcomes:
    """The published leaves are the tree that was closed: its root, its sum, each holder once."""
    stored = evidence.pools.states[closed.pot, closed.number]
    carried = evidence.pools.history.is_carried(closed)
    message = "The contract stores another epoch than its event says."
    told = (bytes(32) if carried else closed.root, closed.total, closed.open_until)
    yield judge.equal("pool.root", (stored.root, stored.total, stored.open_until), told, message)
    result = _files(evidence, closed).record
    if not isinstance(result, Done):
        yield judge.skip("pool.root", "The epoch's record cannot be had.")
        return
    tree = result.value.tree
    loss = None if tree.root == closed.root else Loss(closed.pot[1], stored.left, HOLDERS)
    message = "The root of the published leaves is not the one that was closed: by them nobody can claim."
    yield judge.that("pool.root", tree.root == closed.root, message, loss=loss, found=closed.root, expected=tree.root)
    yield judge.equal("pool.root", tree.total, closed.total, "The leaves do not sum to the epoch's total.")
    twice = repeated(tree.leaves)
    yield judge.that("pool.root", not twice, "A holder has more than one leaf.", holders=sorted(twice))


def claims(evidence: Evidence, closed: EpochClosed, judge: Judge) -> Outcomes:
    """Each claim paid its leaf, once; what was claimed, what is left and what was carried are the total."""
    history, token = evidence.pools.history, closed.pot[1]
    paid = history.claims(closed)
    counts = Counter(claim.index for claim in paid)
    twice = sorted(index for index, count in counts.items() if count > 1)
    yield judge.that("pool.claims", not twice, "A leaf was paid more than once.", indices=twice)
    left = evidence.pools.states[closed.pot, closed.number].left
    left += sum(e.amount for e in history.carried if (e.pot, e.number) == (closed.pot, closed.number))
    claimed, message = sum(claim.amount for claim in paid), "What was claimed and what is left are not the total."
    yield judge.paid("pool.claims", claimed + left, closed.total, message, token, HOLDERS)
    result = _files(evidence, closed).record
    if not isinstance(result, Done):
        yield judge.skip("pool.claims", "The epoch's record cannot be had.")
        return
    leaves = {(leaf.index, leaf.holder, leaf.amount) for leaf in result.value.tree.leaves}
    for claim in paid:
        holds = (claim.index, claim.holder, claim.amount) in leaves
        loss = None if holds else Loss(token, claim.amount, HOLDERS)
        message = f"{claim.holder} was paid what no published leaf gives it."
        yield judge.that("pool.claims", holds, message, loss=loss, transaction=claim.transaction)


def balance(evidence: Evidence, of: TokenHistory, judge: Judge) -> Outcomes:
    """The contract holds pots, what is left of epochs, and what the escrow sent it that nobody has collected."""
    pools, token = evidence.pools, of.token
    mine = [pot for pot in pools.pots if pot[1] == token]
    for pot in mine:
        expected = sum(credit.amount for credit in pools.history.queue(pot)) - pools.history.taken(pot)
        stored, epochs = pools.pots[pot]
        message = "The pot holds another amount than came in less what its epochs took."
        yield judge.paid("pool.balance", stored, expected, message, token, HOLDERS)
        numbers = [closed.number for closed in pools.history.epochs(pot)]
        message = "The pot's epochs are not numbered one after the other."
        yield judge.equal("pool.balance", numbers, list(range(1, epochs + 1)), message)
    message = "Fines brought another amount to models' pools than the dispute desk says."
    yield judge.paid("pool.balance", of.pool_fines, of.fined, message, token, HOLDERS)
    due = sum(pools.pots[pot][0] for pot in mine)
    due += sum(state.left for (pot, _), state in pools.states.items() if pot[1] == token)
    due += sum(pools.drawn[pot] - pools.history.collected(pot) for pot in mine)
    found, severity = pools.balance[token], Severity.ERROR
    message = "The training pool holds less than its pots and epochs."
    if found > due:
        message, severity = "The training pool holds money that no model has earned.", Severity.WARNING
    loss, amounts = missing(token, due - found, HOLDERS), {"found_units": found, "expected_units": due}
    yield judge.that("pool.balance", found == due, message, severity=severity, loss=loss, **amounts)


def _shared(
    evidence: Evidence,
    closed: EpochClosed,
    found: EpochRecord,
    files: EpochFiles,
    rule: PoolRule,
    applied: Rule,
    judge: Judge,
) -> Outcomes:
    """The division, done again."""
    yield judge.had("pool.split", files.works, "What the model learnt from cannot be had.")
    if applied is Rule.INFLUENCE:
        yield judge.had("pool.split", files.scores, "The scores of influence cannot be had.")
    if not isinstance(files.works, Done) or (applied is Rule.INFLUENCE and not isinstance(files.scores, Done)):
        return
    scores = files.scores.value if isinstance(files.scores, Done) else None
    credits = evidence.pools.history.credits(closed)
    try:
        expected = shared_out(found.key, rule, applied, found.manifest, credits, files.works.value, scores)
    except InvalidInput as error:
        yield judge.that("pool.split", False, f"No division follows from what is published. {error}")
        return
    works = set(expected.works) ^ set(found.works)
    message = "The training works' parts are not those that follow from the rule."
    names = sorted({work.work_id.hex() for work in works})[:4]
    yield judge.that("pool.split", found.works == expected.works, message, works=names, differing=len(works))
    due, got = ({leaf.holder: leaf.amount for leaf in tree.leaves} for tree in (expected.tree, found.tree))
    short = sum(max(0, amount - got.get(holder, 0)) for holder, amount in due.items())
    message = "The holders' parts are not those that follow from the rule."
    loss = missing(closed.pot[1], short, HOLDERS)
    yield judge.that("pool.split", got == due, message, loss=loss, short_units=short)


def _files(evidence: Evidence, closed: EpochClosed) -> EpochFiles:
    return evidence.pools.files[closed.pot, closed.number]
