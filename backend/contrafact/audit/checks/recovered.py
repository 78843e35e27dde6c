"""Was a place given to another address as a lost holder's may be: by events that came before, after their time?"""

from __future__ import annotations

from contrafact.audit.checks.accounts import split_of
from contrafact.audit.evidence import Evidence
from contrafact.audit.histories import in_force
from contrafact.audit.outcomes import Judge, Outcome, Outcomes, missing
from contrafact.audit.totals import AccountHistory
from contrafact.domain.recoveries import Started, Takeover
from contrafact.domain.splits import Split
from contrafact.ports import PlaceStatus

NOT_PUBLISHED = "The account's rights split is not published, so whose place it was is not known."


def recovered(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    """Each place that was given away, and that the contract says the same of each place."""
    split, taken = split_of(evidence, account), evidence.chain.takeovers_of[account.account]
    for takeover in taken:
        if split is None:
            yield judge.skip("money.recovered", NOT_PUBLISHED)
        else:
            yield _regular(evidence, account, takeover, split, judge)
    places = {leaf.index for leaf in split.leaves} if split else set(account.got)
    told = {takeover.done.place[1] for takeover in taken}
    for index in sorted(places | set(account.got)):
        place = evidence.storage.place[account.account, index]
        message = "Whether the place was given to another address the contract and its events say differently."
        away = place.status is PlaceStatus.READDRESSED
        yield judge.that("money.recovered", away == (index in told), message, place=index)


def _regular(evidence: Evidence, account: AccountHistory, takeover: Takeover, split: Split, judge: Judge) -> Outcome:
    index, payee = takeover.done.place[1], takeover.done.payee
    holders = {leaf.holder for leaf in split.leaves if leaf.index == index}
    mine = [each for each in takeover.started if each.holder in holders or each.place == takeover.done.place]
    holds = any(_waited(evidence, takeover, started) for started in mine)
    message = f"A place was given to {payee} with nothing started for it that the events show."
    if mine:
        message = f"A place was given to {payee} before its time, or by a licensor that was one no more."
    got = sum(paid.amount for paid in account.paid if (paid.index, paid.holder) == (index, payee))
    loss = missing(account.token, got, ", ".join(sorted(holders)))
    return judge.that("money.recovered", holds, message, loss=loss, place=index, payee=payee)


def _waited(evidence: Evidence, takeover: Takeover, started: Started) -> bool:
    """Whether all the time had passed, and a place is still of the licensor who gives it away."""
    times, done = evidence.chain.times, takeover.done.block
    ready = max(started.ready, times[started.block] + started.delay)
    return times[done] >= ready and (started.place is None or _same_licensor(evidence, started, done))


def _same_licensor(evidence: Evidence, started: Started, done: int) -> bool:
    account = evidence.chain.accounts.get(started.place[0]) if started.place else None
    history = evidence.chain.licensors_of[account.beneficiary] if account else ()
    first, last = ({since.licensor for since in in_force(history, block)} for block in (started.block, done))
    return bool(first & last)
