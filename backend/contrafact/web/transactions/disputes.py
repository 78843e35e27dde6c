"""Contests of works."""

from __future__ import annotations

from contrafact.domain.digests import from_hex
from contrafact.domain.history import RoyaltyAccount
from contrafact.ledger.prepared.royalties import RoyaltySteps
from contrafact.web.schemas import transactions as asking
from contrafact.web.schemas.prepared import WalletSteps
from contrafact.web.services import Given
from contrafact.web.splitting import split_of
from contrafact.web.transactions.preparing import calls, new_router, prepared

router = new_router()


@router.post("/contest")
def prepare_contest(asked: asking.Contest, services: Given) -> WalletSteps:
    """Contests a work, with a bond: from then on it enters no new order."""
    bond = None if asked.bond is None else int(asked.bond)
    given = (from_hex(asked.work), split_of(asked.holders).root, from_hex(asked.evidence))
    return WalletSteps.of(RoyaltySteps(services.preparer).contest(*given, asked.sender, bond))


@router.post("/hold")
def prepare_hold(asked: asking.Hold, services: Given) -> WalletSteps:
    """Holds what an account of the contested work receives from now on, up to a multiple of the bond."""
    row = services.read_model.work(from_hex(asked.work))
    account = RoyaltyAccount(
        row.work_id, from_hex(asked.split_root) if asked.split_root else row.split_root, asked.token
    )
    return WalletSteps.of(RoyaltySteps(services.preparer).hold(asked.contest, account, int(asked.bond), asked.sender))


@router.post("/withdraw-contest")
def prepare_withdraw_contest(asked: asking.EndContest, services: Given) -> WalletSteps:
    """Ends the sender's own contest; a part of its bond goes to the licensor."""
    return prepared(services, calls(services).disputes.withdraw_contest(asked.contest), asked.sender)


@router.post("/lapse-contest")
def prepare_lapse_contest(asked: asking.EndContest, services: Given) -> WalletSteps:
    """Ends a contest on which nobody ruled in time: all bonds go back, what is held is the holders'; anybody may."""
    return prepared(services, calls(services).disputes.lapse(asked.contest), asked.sender)
