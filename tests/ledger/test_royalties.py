"""What holders can draw from their accounts, and that nobody can draw more. One settled order in each kind of money."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contrafact.domain.terms import NATIVE
from contrafact.errors import InvalidInput, NotPermitted, Payment
from contrafact.ledger.signing import check_confirmation, sign_confirmation
from contrafact.ports import Place, PlaceStatus

from .scene import BOND, Scene


@pytest.fixture(scope="module")
def _settled(_scene: Scene) -> Iterator[Scene]:
    with _scene.undone():
        for token in (NATIVE, _scene.dollar):
            _scene.settle(_scene.deal(token))
        yield _scene


@pytest.fixture
def settled(_settled: Scene) -> Iterator[Scene]:
    with _settled.undone():
        yield _settled


@pytest.fixture(params=["native", "dollar"])
def token(request: pytest.FixtureRequest, settled: Scene) -> str:
    return NATIVE if request.param == "native" else settled.dollar


def test_payout_empties_the_accounts_up_to_dust(settled: Scene, token: str) -> None:
    claims = [settled.claim(0, 0, token), *(settled.claim(1, i, token) for i in range(3))]
    claims += [settled.claim(2, 0, token), settled.claim(2, 1, token)]
    of_pool = settled.reader.claimable(settled.pool_claim(token))
    due = [settled.reader.claimable(claim) for claim in claims]
    settled.writer("stranger").payout(claims)
    assert settled.reader.paid() == []  # nobody has confirmed
    settled.confirm(*claims)
    settled.writer("stranger").payout([*claims, settled.pool_claim(token)])
    assert [payment.amount for payment in settled.reader.paid()] == due
    assert [settled.reader.claimable(claim) for claim in claims] == [0] * 6
    assert (
        settled.reader.claimable(settled.pool_claim(token)) == of_pool > 0
    )  # only the TrainingPool's `collect` moves it
    assert 0 <= settled.reader.balance(settled.deployment.escrow, token) - BOND - of_pool < 7


def test_claim_twice_pays_once(settled: Scene, token: str) -> None:
    claim = settled.claim(1, 1, token)
    holder = claim.leaf.holder
    settled.confirm(claim)
    due, before = settled.reader.claimable(claim), settled.reader.balance(holder, token)
    settled.writer("stranger").claim(claim)
    assert settled.reader.balance(holder, token) - before == due > 0
    with pytest.raises(Payment, match="nothing to claim"):
        settled.writer("stranger").claim(claim)


def test_account_totals_follow_the_events(settled: Scene, token: str) -> None:
    claim = settled.claim(1, 2, token)
    settled.writer("publisher").claim(claim)
    (payment,) = settled.reader.paid()
    credits = [credit.amount for credit in settled.reader.credited() if credit.account == payment.account]
    assert settled.reader.received(payment.account) == sum(credits)
    assert settled.reader.place(payment.account, 2) == Place(payment.amount, PlaceStatus.CONFIRMED)
    assert payment.beneficiary == claim.beneficiary
    (confirmed,) = settled.reader.confirmed()
    assert (confirmed.account, confirmed.holder, confirmed.index) == (payment.account, claim.leaf.holder, 2)


def test_claim_for_a_holder_that_has_not_confirmed_says_how(settled: Scene, token: str) -> None:
    with pytest.raises(NotPermitted, match="has not confirmed its place 1") as caught:
        settled.writer("stranger").claim(settled.claim(1, 1, token))
    assert "contrafact works confirm" in caught.value.hint


def test_confirmation_by_another_key_is_refused(settled: Scene) -> None:
    claim = settled.claim(1, 1)
    leaf, key = claim.leaf, settled.keys["stranger"]
    domain = settled.deployment.domain
    signature = sign_confirmation(key, claim.beneficiary, claim.split_root, leaf, domain)
    with pytest.raises(InvalidInput, match="not signed by its holder"):
        check_confirmation(signature, claim.beneficiary, claim.split_root, leaf, domain)
    with pytest.raises(InvalidInput, match="not signed by its holder"):
        settled.writer("stranger").confirm([claim], [signature])
    settled.writer("arranger").confirm([claim], [b""])
    assert len(settled.reader.confirmed()) == 1


def test_holder_below_the_threshold_is_left_out(settled: Scene) -> None:
    claim = settled.claim(0, 0)
    due = settled.reader.claimable(claim)
    settled.confirm(claim)
    settled.writer("composer").set_threshold(NATIVE, due + 1)
    assert settled.reader.threshold(claim.leaf.holder, NATIVE) == due + 1
    settled.writer("stranger").payout([claim])
    assert settled.reader.claimable(claim) == due
    assert settled.reader.paid() == []
