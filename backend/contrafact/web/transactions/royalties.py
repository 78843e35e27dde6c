"""What holders do about their money."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from contrafact.domain.digests import from_hex
from contrafact.domain.history import Claim
from contrafact.domain.splits import Split
from contrafact.errors import InvalidInput, NotFound
from contrafact.ledger.prepared import Steps
from contrafact.ledger.prepared.royalties import MAX_PAYOUT, RoyaltySteps
from contrafact.pooling.claiming import claimable
from contrafact.ports import PlaceStatus
from contrafact.read_model import BalanceRow
from contrafact.web.reads.places import token_of
from contrafact.web.schemas import transactions as asking
from contrafact.web.schemas.fields import unhexed
from contrafact.web.schemas.prepared import WalletSteps
from contrafact.web.services import Given, Services
from contrafact.web.transactions.preparing import calls, known_split, new_router, prepared

router = new_router()
MAX_CLAIMS = 20
"""Accounts that are claimed in one answer; ask again for the others."""
MAX_EPOCHS = 50
MAX_CONFIRMED = 100
"""Places that are confirmed in one transaction: each is a write of its own."""


@router.post("/claim")
def prepare_claim(asked: asking.ClaimRoyalties, services: Given) -> WalletSteps:
    """Sends a holder what is claimable: a transaction for each account, or as few as can be."""
    holder = asked.holder or asked.sender
    wanted = None if asked.accounts is None else {from_hex(account) for account in asked.accounts}
    rows = [row for row in services.read_model.balances(holder) if row.claimable > 0]
    chosen = [row for row in rows if wanted is None or row.account in wanted]
    if not chosen:
        raise NotFound(f"There is nothing to claim for {holder} now.", "What is earned shows in its balances.")
    if asked.together and asked.sender == holder:
        return WalletSteps.of(_together(services, chosen, holder))
    chosen = chosen[:MAX_CLAIMS]
    return WalletSteps.of(_steps(services).claim([_claim(services, row) for row in chosen], asked.sender))


@router.post("/claim-epochs")
def prepare_claim_epochs(asked: asking.ClaimRoyalties, services: Given) -> WalletSteps:
    """Sends a holder its parts of training pools' epochs, all in one transaction; anybody may."""
    holder = asked.holder or asked.sender
    found = [part.claim for part in islice(claimable(services.pools, services.published, holder), MAX_EPOCHS)]
    if not found:
        raise NotFound(f"There is no part of an epoch to claim for {holder}.", "Epochs are closed now and then.")
    return prepared(services, calls(services).pool.claim_epochs(found), asked.sender)


@router.post("/confirm")
def prepare_confirm(asked: asking.ConfirmPlaces, services: Given) -> WalletSteps:
    """The sender says that its places in works' splits are its own: by one transaction, or by messages instead."""
    works = dict.fromkeys((*([asked.work] if asked.work else []), *asked.works))
    claims = [claim for work in works for claim in _places(services, work, asked.token)]
    own = [claim for claim in claims if claim.leaf.holder.lower() == asked.sender.lower()]
    if not works:
        raise InvalidInput("No work is named.", "Give `work`, or up to 50 `works`.")
    if not own:
        raise NotFound(f"{asked.sender} holds no share of it.", "Sign with a holder's account.")
    if len(own) > MAX_CONFIRMED:
        raise InvalidInput(f"{len(own)} places are too many for one transaction.", "Name fewer works.")
    return WalletSteps.of(_steps(services).confirm(own, asked.sender))


@router.post("/hand-in-confirmations")
def prepare_hand_in_confirmations(asked: asking.HandIn, services: Given) -> WalletSteps:
    """Hands in what holders have signed; anybody may."""
    claims = _places(services, asked.work, asked.token)
    if any(row.place >= len(claims) for row in asked.confirmations):
        raise InvalidInput(f"The work's split has {len(claims)} places, counted from 0.", "Correct the place.")
    chosen = [claims[row.place] for row in asked.confirmations]
    signatures = [unhexed(row.signature) for row in asked.confirmations]
    return WalletSteps.of(_steps(services).hand_in(chosen, signatures, asked.sender))


@router.post("/payout")
def prepare_payout(asked: asking.Payout, services: Given) -> WalletSteps:
    """Pays all holders of a work what is above their thresholds; anybody may."""
    claims = _places(services, asked.work, asked.token, asked.split_root)
    return WalletSteps.of(_steps(services).payout(claims, asked.sender))


@router.post("/set-threshold")
def prepare_set_threshold(asked: asking.Threshold, services: Given) -> WalletSteps:
    """The amount below which payouts leave the sender's money where it is."""
    return prepared(services, calls(services).royalties.set_threshold(asked.token, int(asked.amount)), asked.sender)


@router.post("/withdraw-owed")
def prepare_withdraw_owed(asked: asking.Owed, services: Given) -> WalletSteps:
    """Sends what waits outside of the royalty accounts because a transfer failed."""
    place = calls(services).disputes if asked.at == "desk" else calls(services).royalties
    return prepared(services, place.withdraw_owed(asked.token, asked.to or asked.sender), asked.sender)


def _steps(services: Services) -> RoyaltySteps:
    return RoyaltySteps(services.preparer)


def _together(services: Services, rows: Sequence[BalanceRow], holder: str) -> Steps:
    """What thresholds let through first, at most one payout of it; and each account below them by itself."""
    least = {token: services.ledger.threshold(holder, token) for token in {row.token for row in rows}}
    above = [row for row in rows if row.claimable >= least[row.token]][:MAX_PAYOUT]
    below = [row for row in rows if row.claimable < least[row.token]][:MAX_CLAIMS]
    confirmed = [row.status is not PlaceStatus.UNCONFIRMED for row in above]
    claims = [_claim(services, row) for row in above]
    ready = [claim for claim, known in zip(claims, confirmed, strict=True) if known]
    unconfirmed = [claim for claim, known in zip(claims, confirmed, strict=True) if not known]
    first = _steps(services).claim_together(ready, unconfirmed, holder) if claims else Steps()
    rest = _steps(services).claim([_claim(services, row) for row in below], holder)
    return Steps((*first.transactions, *rest.transactions))


def _claim(services: Services, row: BalanceRow) -> Claim:
    split = known_split(services, services.read_model.work(row.beneficiary), row.split_root)
    return _place(row.beneficiary, split, row.token, row.index)


def _places(services: Services, work: str, token: str | None, root: str | None = None) -> list[Claim]:
    """All places of a work's split, by default the present one, and the first token that its terms ask for."""
    row = services.read_model.work(from_hex(work))
    split = known_split(services, row, from_hex(root) if root else row.split_root)
    return [
        _place(row.work_id, split, token or token_of(row, services.token), index) for index in range(len(split.leaves))
    ]


def _place(beneficiary: bytes, split: Split, token: str, index: int) -> Claim:
    return Claim(beneficiary, split.root, token, split.leaves[index], split.proof(index))
