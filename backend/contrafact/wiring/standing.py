"""How an operator stands: which orders are open, what is due, and what runs short. For people and for monitoring."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contrafact.domain.digests import to_hex
from contrafact.domain.history import Funded
from contrafact.domain.inquiries import ConsentQuestioned
from contrafact.ledger.checklist import Check, fail, ok, warn
from contrafact.order.delivery import is_delivered
from contrafact.order.folder import OrderFolder
from contrafact.order.job import FEW_ORDERS, GAS_OF_AN_ORDER
from contrafact.ports import Bond
from contrafact.wiring.consents import open_questions
from contrafact.wiring.site import Site

SOON = 6 * 3600
"""Seconds: a deadline that is nearer asks for attention."""
LAG = 300
"""Seconds: a newest block that is older says that the node, or its chain, stands still."""
_NAME = "--signer ADDRESS"
RESUME = "Run: contrafact operator resume"


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that is paid and not finished. `is_here`: its quote and secret lie in this installation's home."""

    order_id: bytes
    token: str
    escrow: int
    deadline: int
    is_committed: bool
    is_here: bool
    block: int = 0
    """In which it was paid."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An operator at one moment: times in seconds since the epoch, `coins` and `coins_per_order` in wei."""

    operator: str
    signer: str | None
    now: int
    block_time: int
    bond: Bond
    orders: tuple[OpenOrder, ...]
    challenged: tuple[bytes, ...]
    sender: str
    coins: int
    coins_per_order: int
    under_way: tuple[str, ...]
    questions: tuple[ConsentQuestioned, ...] = ()


def standing(site: Site, operator: str, sender: str) -> Standing:
    """Reads chain, journal and home. `sender` is the account that sends the operator's transactions."""
    connection, reader = site.connection, site.reader
    block_time = reader.timestamp()
    return Standing(
        operator=operator,
        signer=reader.signer_of(operator),
        now=max(int(time.time()), block_time),  # a development chain's clock may be ahead
        block_time=block_time,
        bond=reader.bond(operator, site.token()),
        orders=tuple(open_orders(site, operator)),
        challenged=tuple(_challenged(site, operator)),
        sender=sender,
        coins=connection.balance(sender),
        coins_per_order=GAS_OF_AN_ORDER * connection.fees().highest,
        under_way=tuple(pending.name for pending in connection.under_way(sender)),
        questions=tuple(open_questions(site, operator)),
    )


def open_orders(site: Site, operator: str) -> Iterator[OpenOrder]:
    """The operator's paid orders that wait for a commit, and those of this home that wait for payout or delivery."""
    reader = site.reader
    committed, refunded = reader.committed(), reader.refunded()
    settled, over = {event.commit.order_id for event in committed}, {event.order_id for event in refunded}
    for funded in reader.funded():
        if funded.quote.operator.lower() != operator.lower() or funded.order_id in over:
            continue
        found = _open(site, funded, is_committed=funded.order_id in settled)
        if not found.is_committed or (found.is_here and not is_delivered(_folder(site, funded.order_id))):
            yield found


def checks(found: Standing) -> list[Check]:
    """What is as it should be and what is not, each with what to do."""
    return [
        _lag(found),
        _key(found),
        _bond(found.bond),
        *_orders(found),
        *(_challenge(order_id) for order_id in found.challenged),
        *(_question(asked, found.now) for asked in found.questions),
        _coins(found),
        _under_way(found.under_way),
    ]


def _folder(site: Site, order_id: bytes) -> OrderFolder:
    return OrderFolder(site.settings.home, order_id)


def _open(site: Site, funded: Funded, *, is_committed: bool) -> OpenOrder:
    is_here, quote = _folder(site, funded.order_id).is_quoted, funded.quote
    return OpenOrder(funded.order_id, quote.token, funded.escrowed, quote.deadline, is_committed, is_here, funded.block)


def _challenged(site: Site, operator: str) -> Iterator[bytes]:
    """Orders of the operator whose challenge is open."""
    theirs = {order_id for order_id, whose in site.reader.challenged() if whose.lower() == operator.lower()}
    yield from (order_id for order_id in sorted(theirs) if site.reader.challenger_of(order_id))


def _lag(found: Standing) -> Check:
    age = found.now - found.block_time
    if age <= LAG:
        return ok("node", f"its newest block is {age} s old")
    return warn("node", f"its newest block is {age} s old", "Run: contrafact network check. Name more than one node.")


def _key(found: Standing) -> Check:
    accepted = {address.lower() for address in (found.operator, found.signer) if address}
    if found.sender.lower() in accepted:
        return ok("signing key", "the contracts take what it signs")
    said = f"{found.sender} is neither the operator's own key nor the one that it has named"
    return fail("signing key", said, f"Run with the operator's own key: contrafact operator register {_NAME}")


def _bond(bond: Bond) -> Check:
    if bond.free > 0:
        return ok("bond", "a part is free for new orders")
    return warn("bond", "nothing is free for new orders", "Run: contrafact operator deposit AMOUNT")


def _orders(found: Standing) -> Sequence[Check]:
    return [_order(order, found.now) for order in found.orders] or [ok("orders", "none is open")]


def _order(order: OpenOrder, now: int) -> Check:
    name, left = f"order {to_hex(order.order_id)[:10]}", order.deadline - now
    if order.is_committed:
        return warn(name, "settled; payout or delivery is not finished", RESUME)
    if not order.is_here:
        return fail(name, "its secret is not in this home", "Run it where it was quoted, or restore that home.")
    if left <= 0:
        return fail(name, "its deadline has passed", "Refund it: contrafact refund QUOTE; the bond pays a tenth more.")
    said = f"to be delivered in {left // 3600} h {left % 3600 // 60} min"
    return ok(name, said) if left > SOON else warn(name, said, RESUME)


def _challenge(order_id: bytes) -> Check:
    advice = "Replay its record, and give the arbiter its folder; see docs/operating.md."
    return warn(f"order {to_hex(order_id)[:10]}", "its commit is challenged; a part of the bond is locked", advice)


def _question(asked: ConsentQuestioned, now: int) -> Check:
    """Too late, it stops the model and costs a part of the bond; to answer costs gas alone. So it is due now."""
    ids, left = f"{to_hex(asked.model_id)} {to_hex(asked.leaf.content)}", asked.answer_until - now
    said = f"somebody asked for it; to be shown in {left // 3600} h" if left >= 0 else "nobody has shown it in time"
    return fail(f"consent {to_hex(asked.consent_id)[:10]}", said, f"Run: contrafact consent answer {ids}")


def _coins(found: Standing) -> Check:
    count = found.coins // max(found.coins_per_order, 1)
    said = f"{found.sender} can pay the gas of {count} orders at present fees"
    if count >= FEW_ORDERS:
        return ok("coin for gas", said)
    return (warn if count else fail)("coin for gas", said, "Send it more of the chain's coin.")


def _under_way(names: Sequence[str]) -> Check:
    if not names:
        return ok("transactions", "none is under way")
    return warn("transactions", f"under way: {', '.join(names)}", f"If no process is at work on it: {RESUME}")
