"""Whoever may sign, may: the honest ways in which orders are signed, sent and granted are no findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from contrafact.audit import AuditVerdict, NotChecked
from contrafact.audit.calls import Disputed, FundingCall, OperatorKey, SunsetSince
from contrafact.domain import typed_data
from contrafact.domain.allow_list import AllowList
from contrafact.domain.orders import order_message
from contrafact.domain.signatures import recovered

from .fakes import TOKEN
from .history import World, address, honest_world, sign, terms


def signed_by_named_key(world: World) -> None:
    """From the block of an order on, another key signs for the operator."""
    event = world.ledger.funded_list[0]
    world.ledger.key_list.append(OperatorKey(address("operator"), address("machine"), event.block))
    call = world.ledger.calls[event.transaction]
    world.ledger.calls[event.transaction] = replace(call, signature=sign(address("machine"), event.order_id))


def relayed(world: World) -> None:
    """Somebody sends what the maker signed."""
    event = world.ledger.funded_list[0]
    call = world.ledger.calls[event.transaction]
    digest = typed_data.digest(order_message(event.quote, event.maker_salt, world.ledger.domain))
    by_maker = sign(address("maker"), digest)
    world.ledger.calls[event.transaction] = replace(call, sender=address("relayer"), maker_signature=by_maker)  # type: ignore[arg-type]


def granted(world: World) -> None:
    """Terms that ask for approval, and list operator and model."""
    allow = AllowList.of([address("operator"), address("other")], [world.model])
    world.ledger.set_terms(world.works[0], terms(200_003, approval=True, allow=allow))
    world.deliver(world.fund("granted", world.quote(82)))


def by_wallet(world: World) -> None:
    """The operator's address is a contract, which says yes."""
    world.ledger.wallets[address("operator")] = True
    for transaction, call in world.ledger.calls.items():
        world.ledger.calls[transaction] = replace(call, signature=b"a wallet's own")


def disputed_later(world: World) -> None:
    """Contested after the order, and free again."""
    last = world.ledger.block
    world.ledger.dispute_list += [Disputed(world.works[0], True, last), Disputed(world.works[0], False, last)]


def sunset_later(world: World) -> None:
    world.ledger.sunset_list.append(SunsetSince(world.model, TOKEN, 1, world.ledger.next_block()))


HONEST = [signed_by_named_key, relayed, granted, by_wallet, disputed_later, sunset_later]


@pytest.mark.parametrize("change", HONEST, ids=lambda change: change.__name__)
def test_honest_way_to_sign_is_ok(change: Callable[[World], None]) -> None:
    world = honest_world()
    change(world)
    report = world.audit()
    assert report.findings == ()
    assert report.verdict is AuditVerdict.OK


def test_a_key_named_later_signs_nothing_before() -> None:
    world = honest_world()
    signed_by_named_key(world)
    key = world.ledger.key_list[0]
    world.ledger.key_list[0] = replace(key, block=key.block + 1)
    assert {finding.check for finding in world.audit().errors} == {"order.signed"}


def excused(world: World) -> dict[str, list[NotChecked]]:
    report = world.audit()
    assert (report.findings, report.verdict) == ((), AuditVerdict.OK)
    assert all(order.verdict == "ok" for order in report.orders)
    checks = {gap.check for gap in report.not_checked}
    return {check: [gap for gap in report.not_checked if gap.check == check] for check in checks}


def test_calls_of_another_contract_are_said_to_be_unseen_and_leave_the_audit_complete() -> None:
    world = honest_world()
    world.ledger.calls.clear()
    gaps = excused(world)
    assert {check: len(found) for check, found in gaps.items()} == {
        "order.signed": 4, "order.asked": 4, "commit.signed": 2,
    }  # fmt: skip


def test_a_wallet_that_says_no_by_now_may_have_said_yes() -> None:
    world = honest_world()
    by_wallet(world)
    world.ledger.wallets[address("operator")] = False
    assert set(excused(world)) == {"order.signed", "commit.signed"}


def test_a_payment_that_the_token_authorised_is_the_tokens_to_judge() -> None:
    world = honest_world()
    transaction = world.ledger.funded_list[0].transaction
    call = world.ledger.calls[transaction]
    assert isinstance(call, FundingCall)
    world.ledger.calls[transaction] = replace(call, sender=address("relayer"), authorised=True)
    assert set(excused(world)) == {"order.asked"}


def test_the_malleable_form_of_a_signature_is_nobodys() -> None:
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    signature = sign(address("ann"), bytes(32))
    high = (order - int.from_bytes(signature[32:64])).to_bytes(32)
    other = signature[:32] + high + bytes([55 - signature[64]])
    assert recovered(bytes(32), signature) == address("ann")
    assert recovered(bytes(32), other) is None
    assert recovered(bytes(32), signature[:64]) is None
