"""Versioned terms, and the rule that says what an order may use: see licensing.tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from contrafact.domain.orders import Source
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Terms, TokenPrice, Use

from .chain import NATIVE, reverts
from .world import DAY, PRICES, Catalogued, World, digest

OTHER = "0x" + "77" * 20
ROW = TokenPrice(OTHER, PRICES)


def permit(world: World, works: Sequence[Catalogued], token: str = NATIVE, use: Use = Use.COMMERCIAL) -> None:
    quote = world.quote(works, token, use=use)
    _permit(world, quote.sources, [work.terms for work in works], token, use)


def _permit(world: World, sources: Sequence[Source], terms: Sequence[Terms], token: str = NATIVE, use: int = 1) -> None:
    rows = [tuple(getattr(source, name) for name in source.__slots__) for source in sources]
    world.licensing.get("requirePermitted", rows, [item.to_abi() for item in terms], int(use), token)


WINDOWS = [(0, 100, True), (0, 0, True), (60, 0, False), (-99, -9, False)]  # start and end from now, permitted


@pytest.fixture
def work(world: World) -> Catalogued:
    return world.catalogue[0]


def test_set_terms_counts_versions_and_emits_the_terms(world: World) -> None:
    work_id = world.register(800, world.pool, world.licensor)
    assert world.licensing.get("currentVersion", work_id) == 0
    for version in (1, 2):
        terms = world.terms(max_weight=version)
        receipt = world.licensing.send(world.licensor, "setTerms", work_id, terms.to_abi())
        event = world.event(receipt, "TermsSet").args
        assert (event["workId"], event["version"], event["licensor"]) == (work_id, version, world.licensor)
        assert Terms.from_abi(dict(event["terms"])) == terms
        assert world.licensing.get("currentVersion", work_id) == version


def test_every_version_can_be_proved_for_ever(world: World, work: Catalogued) -> None:
    history = [work.terms, *(world.terms(max_weight=weight) for weight in (1, 2, 3)), Terms.opted_out()]
    for terms in history[1:]:
        world.set_terms(work, terms)
    stored = [world.licensing.get("termsHash", work.work_id, version + 1) for version in range(5)]
    assert stored == [terms.hash() for terms in history]


def test_versions_that_never_were_have_no_hash(world: World, work: Catalogued) -> None:
    hashes = [world.licensing.get("termsHash", work.work_id, version) for version in (0, 2, 2**32 - 1)]
    assert hashes == [bytes(32)] * 3


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"uses": frozenset({4})}, "unknown use"),
        ({"uses": frozenset({7})}, "unknown use"),
        ({"max_weight": PPM + 1}, "maxWeight above 1000000"),
        ({"valid_from": 5, "valid_until": 5}, "validUntil not after validFrom"),
        ({"uses": frozenset()}, "inference without a use"),
        ({"max_weight": 0}, "inference without a weight"),
        ({"prices": ()}, "inference without a price"),
        ({"prices": (ROW,) * 5}, "more than 4 tokens"),
        ({"prices": (ROW, TokenPrice(NATIVE, PRICES), ROW)}, "token given twice"),
    ],
)
def test_invalid_terms_revert_with_the_reason(
    world: World, work: Catalogued, changes: dict[str, Any], reason: str
) -> None:
    with reverts("Licensing_InvalidTerms", reason):
        world.set_terms(work, world.terms(**changes))


def test_terms_by_anybody_but_the_licensor_revert(world: World, work: Catalogued) -> None:
    with reverts("Licensing_NotLicensor", work.work_id, world.maker):
        world.set_terms(replace(work, licensor=world.maker), world.terms())


def test_terms_for_an_unknown_work_revert(world: World, work: Catalogued) -> None:
    with reverts("WorkRegistry_UnknownWork", digest(1)):
        world.set_terms(replace(work, work_id=digest(1)), world.terms())


def test_only_the_new_licensor_sets_terms_after_a_transfer(world: World, work: Catalogued) -> None:
    world.works.send(work.licensor, "transferLicensor", work.work_id, world.maker)
    world.works.send(world.maker, "acceptLicensor", work.work_id)
    with reverts("Licensing_NotLicensor", work.work_id, work.licensor):
        world.set_terms(work, world.terms())
    assert world.set_terms(replace(work, licensor=world.maker), world.terms()).version == 2


@pytest.mark.parametrize("use", list(Use))
def test_sources_within_their_terms_are_permitted(world: World, use: Use) -> None:
    for token in (NATIVE, world.usd.address, world.quirky.address):
        permit(world, world.catalogue, token, use)


def test_a_work_without_terms_is_refused(world: World, work: Catalogued) -> None:
    bare = replace(work, work_id=world.register(801, work.split, world.licensor))
    with reverts("Licensing_NoTerms", bare.work_id):
        permit(world, [bare])


def test_an_older_version_is_refused(world: World, work: Catalogued) -> None:
    world.set_terms(work, world.terms(max_weight=999_999))
    with reverts("Licensing_StaleVersion", work.work_id, 1, 2):
        permit(world, [work])


def test_other_terms_than_the_pinned_version_are_refused(world: World, work: Catalogued) -> None:
    forged = world.terms(training=False)
    with reverts("Licensing_TermsMismatch", work.work_id, work.terms.hash(), forged.hash()):
        permit(world, [replace(work, terms=forged)])


def test_an_old_split_is_refused(world: World, work: Catalogued) -> None:
    world.works.send(work.licensor, "changeSplit", work.work_id, digest(9), digest(10))
    with reverts("Licensing_SplitMismatch", work.work_id, digest(9), work.split.root):
        permit(world, [work])


def test_an_opt_out_counts_from_the_next_order(world: World, work: Catalogued) -> None:
    rest = Terms.opted_out()
    opted_out = world.set_terms(work, replace(rest, prices=(TokenPrice(NATIVE, PRICES),)))
    with reverts("Licensing_InferenceNotPermitted", work.work_id):
        permit(world, [opted_out])


@pytest.mark.parametrize("use", list(Use))
def test_a_use_that_is_not_permitted_is_refused(world: World, work: Catalogued, use: Use) -> None:
    limited = world.set_terms(work, world.terms(uses=frozenset(Use) - {use}))
    for other in set(Use) - {use}:
        permit(world, [limited], use=other)
    with reverts("Licensing_UseNotPermitted", work.work_id, int(use)):
        permit(world, [limited], use=use)


def test_weight_is_permitted_up_to_the_highest(world: World) -> None:
    works = world.catalogue[:2]
    works = [world.set_terms(work, world.terms(max_weight=500_000)) for work in works]
    permit(world, works)
    works[1] = world.set_terms(works[1], world.terms(max_weight=499_999))
    with reverts("Licensing_WeightTooHigh", works[1].work_id, 500_000, 499_999):
        permit(world, works)


@pytest.mark.parametrize(("start", "end", "permitted"), WINDOWS)
def test_terms_count_in_their_window_only(
    world: World, work: Catalogued, start: int, end: int, permitted: bool
) -> None:
    now = world.chain.now
    terms = world.terms(valid_from=now + start, valid_until=now + end if end else 0)
    timed = world.set_terms(work, terms)
    if permitted:
        permit(world, [timed])
        return
    with reverts("Licensing_NotInForce", work.work_id, terms.valid_from, terms.valid_until):
        permit(world, [timed])


def test_valid_until_is_exclusive(world: World, work: Catalogued) -> None:
    end = world.chain.now + DAY
    timed = world.set_terms(work, world.terms(valid_until=end))
    world.chain.travel(end - 1)
    assert world.chain.now == end - 1
    permit(world, [timed])
    world.chain.travel(end)
    with reverts("Licensing_NotInForce", work.work_id, 0, end):
        permit(world, [timed])


def test_a_token_that_is_not_accepted_is_refused(world: World, work: Catalogued) -> None:
    with reverts("Licensing_TokenNotAccepted", work.work_id, OTHER):
        permit(world, [work], OTHER)


@pytest.mark.parametrize("difference", [-1, 1])
def test_any_other_price_is_refused(world: World, work: Catalogued, difference: int) -> None:
    (source,) = world.quote([work], NATIVE).sources
    wrong = replace(source, price=source.price + difference)
    with reverts("Licensing_PriceMismatch", work.work_id, source.price, wrong.price):
        _permit(world, [wrong], [work.terms])


def test_a_work_that_may_not_be_combined_stands_with_its_licensor_only(world: World) -> None:
    mine = [work for work in world.catalogue if work.licensor == world.licensor]
    foreign = next(work for work in world.catalogue if work.licensor == world.licensor2)
    mine[0] = world.set_terms(mine[0], world.terms(combinable=False))
    permit(world, mine[:1])
    permit(world, mine)
    for works in ([*mine, foreign], [foreign, mine[0]]):
        with reverts("Licensing_NotCombinable", mine[0].work_id):
            permit(world, works)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_terms_must_be_one_for_each_source(world: World, count: int) -> None:
    sources = world.quote(world.catalogue[:2], NATIVE).sources
    with reverts("Licensing_TermsCount", 2, count):
        _permit(world, sources, [world.terms()] * count)
