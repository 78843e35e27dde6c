"""A verdict's sentences about one file: no more than was compared, and who may use the piece."""

from __future__ import annotations

from contrafact.domain.digests import to_hex
from contrafact.verifying.orders import Order
from contrafact.verifying.verdicts import Verdict

UNSEEN = "The record was not seen, so nothing is said of what is in it."


def meaning(verdict: Verdict, order: Order | None) -> str:
    """What the verdict means; says first where the order's record could not be had."""
    if order is None or order.record is not None:
        return verdict.meaning
    return f"{verdict.meaning.replace('its certificate, its record and', 'its certificate and')} {UNSEEN}"


def advice(verdict: Verdict, order: Order | None) -> str:
    """What to do. A file in somebody's hands is no permission: only the order's maker has one."""
    if order is None or verdict is Verdict.UNCHECKED:
        return verdict.advice
    only = f"Only the order's maker, {order.funded.quote.maker}, may use the piece, for {order.use} use."
    nobody = "If you are not the maker, you get no permission from this file."
    return f"{only} {nobody} The licence: contrafact licence {to_hex(order.order_id)}. {verdict.advice}"
