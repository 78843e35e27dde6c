"""What the contracts say of themselves and compute for callers: see views.tree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contrafact.domain.orders import commit_message
from contrafact.domain.prices import TokenPrice, Use
from contrafact.domain.typed_data import digest

from .chain import reverts
from .disputes import interface_id
from .recordings import order_over, work_at
from .world import PRICES, World

INTERFACES = {
    "catalogue": """
        register registerMany transferLicensor acceptLicensor openContest closeContest bar workIdOf licensorOf \
            currentVersion isContested isBarred compositionOf pendingLicensorOf licenceOf
        setTerms changeSplit requirePermitted requirePinned differences readTerms
        anchorCollection withdrawCollection materialise anchoredSince
        registerModel enforceSunset stopModel modelIdOf registrantOf baseRateOf
        requireLearntFrom requireNoConsent requireConsent
        supportsInterface
    """,
    "escrow": """
        fund fundFor fundWithAuthorization commit refund pause unpause orderIdOf authorizationNonce commitDigest \
            escrowOf statusOf orderState
        raiseUse payDownstream payFromBond requireCommitted
        claim payout confirm setThreshold readdress placeOf payeeOf claimable threshold
        registerOperator depositBond requestWithdrawal withdrawBond lockBond unlockBond payFine signerOf bondOf \
            challengeableOf withdrawalOf
        supportsInterface
    """,
    "recovery": """
        setGuardian startRecovery cancelRecovery recover startReaddressing finishReaddressing guardianOf recoveryOf \
            readdressingOf
        supportsInterface
    """,
}  # the functions of each, an interface a line


@pytest.mark.parametrize("name", sorted(INTERFACES))
def test_a_contract_names_its_interfaces(world: World, name: str) -> None:
    contract = getattr(world, name)
    for functions in INTERFACES[name].strip().splitlines():
        assert contract.get("supportsInterface", interface_id(contract, *functions.split()))
    assert not contract.get("supportsInterface", b"\xff" * 4)
    assert not contract.get("supportsInterface", bytes(4))


def test_the_digest_of_a_commit_is_what_its_operator_signs(world: World) -> None:
    song = work_at(world, 80, PRICES)
    recording = work_at(world, 81, PRICES, song)
    recorded = order_over(world, [recording], {recording.work_id: song})
    for deal in (world.deal(world.quote()), recorded):
        commit = world.commit_of(deal)
        expected = digest(commit_message(commit, world.domain))
        assert world.escrow.get("commitDigest", deal.quote.to_abi(), commit.to_abi()) == expected


def test_differences_are_by_the_pinned_terms(world: World) -> None:
    """Prices rise from 2,500,000 to 4,000,000 for each of 4 units."""
    deal = world.deal(world.quote())
    commit = world.commit_of(deal, 100_000, [200_000, 300_000, 400_000])
    words = [list(terms.to_words()) for terms in deal.terms]
    arguments = (deal.quote.to_abi(), commit.to_abi(), Use.COMMERCIAL, Use.BROADCAST, words)
    assert list(world.catalogue.get("differences", *arguments)) == [1_200_000, 1_800_000, 2_400_000]


def test_there_is_no_difference_in_a_token_that_is_not_accepted(world: World) -> None:
    work = world.catalogue_works[0]
    terms = world.terms(prices=(TokenPrice(world.quirky.address, PRICES),))
    work = world.set_terms(work, terms)
    deal = world.deal(replace(world.quote([work]), token=world.usd.address), [terms])
    arguments = (deal.quote.to_abi(), world.commit_of(deal).to_abi(), Use.COMMERCIAL, Use.BROADCAST)
    with reverts("Licensing_TokenNotAccepted", work.work_id, world.usd.address):
        world.catalogue.get("differences", *arguments, [list(terms.to_words())])
