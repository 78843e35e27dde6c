"""The model's catalogue: works with their versions, and every reason that the rules know against an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from contrafact.domain.licences import licence_word
from contrafact.domain.orders import Quote, Source
from contrafact.domain.prices import Use
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms

from ..world import Catalogued

NO_WORK = bytes(32)


@dataclass
class Work:
    """A registered work as it stands; `licences` are the stored words of all its versions."""

    work_id: bytes
    licensor: str
    split: Split
    terms: Terms
    composition: bytes = NO_WORK
    licences: list[int] = field(default_factory=list)
    heir: str = ""  # to whom the licensor's role is offered
    contests: int = 0
    barred: bool = False

    @property
    def version(self) -> int:
        return len(self.licences)

    @property
    def catalogued(self) -> Catalogued:
        return Catalogued(self.work_id, self.licensor, self.split, self.terms, self.version)

    def change(self, split: Split, terms: Terms, now: int) -> None:
        self.split, self.terms = split, terms
        self.licences.append(licence_word(split.root, terms.to_words(), now))


@dataclass(frozen=True)
class Rights:
    """`rates` by (model, pool root, token), each with its sunset."""

    works: Mapping[bytes, Work]
    rates: dict[tuple[bytes, bytes, str], tuple[int, int]]

    def against(self, quote: Quote, terms: Sequence[Terms], approved: set[bytes], now: int) -> set[str]:
        """Every reason against an order with these terms and the licensors' signatures for the `approved` works."""
        reasons = set(against_form(quote)) | set(self._against_model(quote, now))
        for source, words in zip(quote.sources, terms, strict=True):
            reasons |= set(self._against_version(source, words))
            reasons |= set(_against_scope(quote, source, words, now)) | set(_against_price(quote, source, words))
            reasons |= set(_against_granting(quote, source, words, approved))
            if not words.combinable and not self._stands_alone(quote, source):
                reasons.add("Licensing_NotCombinable")
        return reasons | set(self._against_compositions(quote))

    def _stands_alone(self, quote: Quote, source: Source) -> bool:
        """Whether all other works have its licensor, but for the composition that it is a recording of."""
        place = quote.sources.index(source) + 1
        others = [other for other in quote.sources if source.through or other.through != place]
        return {self._licensor(other) for other in others} == {self._licensor(source)}

    def _licensor(self, source: Source) -> str:
        return self.works[source.work_id].licensor if source.work_id in self.works else ""

    def _against_model(self, quote: Quote, now: int) -> Iterator[str]:
        offer = self.rates.get((quote.model_id, quote.pool_root, quote.token))
        if offer is None:
            yield "ModelRegistry_NotOffered"
            return
        rate, sunset = offer
        if quote.base_rate != rate:
            yield "ModelRegistry_BaseRateMismatch"
        if sunset and now >= sunset:
            yield "ModelRegistry_SunsetPassed"

    def _against_version(self, source: Source, terms: Terms) -> Iterator[str]:
        work = self.works.get(source.work_id)
        if work is None:
            yield "WorkRegistry_UnknownWork"
            return
        if source.terms_version != work.version:
            yield "Licensing_StaleVersion"
        if work.barred:
            yield "Licensing_WorkBarred"
        if work.contests:
            yield "Licensing_WorkContested"
        given = licence_word(source.split_root, terms.to_words(), 0) >> 40
        if source.terms_version <= work.version and given != work.licences[source.terms_version - 1] >> 40:
            yield "Licensing_LicenceMismatch"

    def _against_compositions(self, quote: Quote) -> Iterator[str]:
        count = len(quote.inference_set)
        recordings = [
            (place + 1, self.works[source.work_id].composition)
            for place, source in enumerate(quote.inference_set)
            if source.work_id in self.works and self.works[source.work_id].composition != NO_WORK
        ]
        given = [(source.through, source.work_id) for source in quote.sources[count:]]
        if recordings != given:
            yield "Licensing_CompositionMismatch"


def against_form(quote: Quote) -> Iterator[str]:
    """Why a quote makes no sense."""
    live = quote.use is Use.LIVE
    works = quote.inference_set
    songs = tuple(source for source in quote.sources if source.through)
    if not 0 < quote.duration <= (14_400 if live else 600):
        yield "Orders_DurationInvalid"
    if not 1 <= len(quote.sources) - _compositions_at_end(quote) <= 8:
        yield "Orders_SourceCount"
    if quote.drift > (PPM if live else 0) or quote.max_base_share > PPM:
        yield "Orders_BoundsInvalid"
    ids, throughs = [source.work_id for source in works], [song.through for song in songs]
    if sorted(set(ids)) != ids or sorted(set(throughs)) != throughs or quote.sources != works + songs:
        yield "Orders_SourcesUnordered"
    if sum(source.weight for source in works) != PPM:
        yield "Orders_WeightsDoNotSum"
    if not all(source.weight for source in works) or sum(source.min_share for source in works) > PPM:
        yield "Orders_BoundsInvalid"
    if any(s.weight or s.min_share or s.downstream + works[s.through - 1].downstream > PPM for s in songs):
        yield "Orders_BoundsInvalid"


def _compositions_at_end(quote: Quote) -> int:
    return len(list(takewhile(lambda source: source.through, reversed(quote.sources))))


def _against_scope(quote: Quote, source: Source, terms: Terms, now: int) -> Iterator[str]:
    if not terms.inference:
        yield "Licensing_InferenceNotPermitted"
    if quote.use not in terms.uses:
        yield "Licensing_UseNotPermitted"
    if min(_highest_weight(quote, source), PPM) > terms.max_weight:
        yield "Licensing_WeightTooHigh"
    if now < terms.valid_from or (terms.valid_until and now >= terms.valid_until):
        yield "Licensing_NotInForce"
    if source.downstream != terms.downstream:
        yield "Licensing_DownstreamMismatch"


def _highest_weight(quote: Quote, source: Source) -> int:
    """That of the work itself, and of every recording that it is the composition of."""
    places = [
        one.through - 1 if one.through else i for i, one in enumerate(quote.sources) if one.work_id == source.work_id
    ]
    return sum(quote.sources[place].weight + quote.drift for place in places)


def _against_price(quote: Quote, source: Source, terms: Terms) -> Iterator[str]:
    rows = {row.token: row.prices for row in terms.prices}
    if quote.token not in rows:
        yield "Licensing_TokenNotAccepted"
    elif rows[quote.token][quote.use] != source.price:
        yield "Licensing_PriceMismatch"


def _against_granting(quote: Quote, source: Source, terms: Terms, approved: set[bytes]) -> Iterator[str]:
    if terms.allow.lists_operators and quote.operator not in terms.allow.operators:
        yield "Licensing_OperatorNotListed"
    if terms.allow.lists_models and quote.model_id not in terms.allow.models:
        yield "Licensing_ModelNotListed"
    if terms.approval and source.work_id not in approved:
        yield "Licensing_NotApproved"
