"""Quotes: what a piece may cost at most, from the terms in force, signed by the operator."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from contrafact.contents import content, require_readable, work_document
from contrafact.domain import seeds
from contrafact.domain.catalogue import Catalogue
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.generation import GenerationRequest, MusicRequest, SourceInput
from contrafact.domain.models import Model
from contrafact.domain.orders import Eip712Domain, Quote, Source, order_id
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.recognition import Candidate
from contrafact.domain.selection import Selection, select
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Use
from contrafact.errors import InvalidOrder, NotFound, NotPermitted, Payment
from contrafact.order import privacy
from contrafact.order.folder import OrderFolder
from contrafact.ports import ContentStore, LedgerReader, Sealing


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """What a maker asks for: works with weights (ppm), use, music, and the token to pay in.

    `readers` are the age recipients for whom a private piece is encrypted; without any it is public. `drift` is how far
    the weights of a live piece may move while it plays (ppm).
    """

    maker: str
    choices: tuple[tuple[bytes, int], ...]
    use: Use
    music: MusicRequest
    token: str
    readers: tuple[str, ...] = ()
    drift: int = 0


@dataclass(frozen=True, slots=True)
class OfferPolicy:
    """The operator's side of an offer: its fee (token units), the bound on the base share (ppm), and times (s).

    `seals_private` encrypts every private piece, for the operator alone where its maker names no reader.
    """

    operator_fee: int
    max_base_share: int
    quote_seconds: int = 3600
    delivery_seconds: int = 24 * 3600
    seals_private: bool = False

    def highest_base(self, use: Use) -> int:
        """The bound on the base share (ppm), of which the lowest shares of the sources follow.

        A live piece has none: its maker may end it after any bar, and what was played must settle then.
        """
        return PPM if use is Use.LIVE else self.max_base_share


@dataclass(frozen=True, slots=True)
class Quoting:
    """Makes offers for one operator and one model.

    `sign` signs a quote with the operator's key; `require_playable` raises InvalidOrder for what the model cannot
    generate, so that nobody pays for it. `catalogue` gives the works of these ids that there are, with compositions of
    recordings among them; by default they are read from the chain.
    `same_tune` says whether two source forms are versions of one another: by a second version of one tune the share of
    the first could be halved, so no order may have both, whoever owns them.
    """

    reader: LedgerReader
    store: ContentStore
    operator: str
    sign: Callable[[Quote, Eip712Domain], bytes]
    require_playable: Callable[[GenerationRequest], None]
    same_tune: Callable[[bytes, bytes], Candidate | None]
    model_digest: bytes
    policy: OfferPolicy
    home: Path
    catalogue: Callable[[Sequence[bytes]], Catalogue] | None = None
    sealing: Sealing | None = None
    clock: Callable[[], float] = time.time

    def offer(self, request: OrderRequest) -> SignedQuote:
        """A signed offer, kept with its secret in the operator's home so that the order can be run later.

        Raises InvalidOrder, NotFound or NotPermitted where the request cannot be offered (two versions of one tune
        cannot be in one order), Payment where the operator's bond does not cover it, NoKey where a source is protected
        and this operator has no key to it, and what the store raises where a source's content, or the description of
        the model, is missing or withdrawn.
        """
        secret = secrets.token_bytes(32)
        quote, selection = self._draft(request, seeds.commitment(secret))
        signed = SignedQuote(quote, self.sign(quote, self.reader.domain), selection.terms, request.music)
        self._keep(signed, secret, self._readers(request))
        return signed

    def preview(self, request: OrderRequest) -> tuple[Quote, Selection]:
        """What would be offered, with its pinned terms: nothing is signed or kept. Raises what `offer` raises."""
        return self._draft(request, bytes(32))

    def quoted(self, order_id: bytes) -> SignedQuote:
        """An offer that was made here. Raises NotFound."""
        return SignedQuote.from_bytes(OrderFolder(self.home, order_id).read("quote.json"))

    @property
    def encrypts(self) -> bool:
        """Whether private pieces can be encrypted for readers."""
        return self.sealing is not None

    def readers(self, order_id: bytes) -> tuple[str, ...]:
        """The age recipients that the maker of an order named, to hear its piece; none for an unknown order."""
        return privacy.named_readers(OrderFolder(self.home, order_id), self.sealing)

    def _draft(self, request: OrderRequest, commitment: bytes) -> tuple[Quote, Selection]:
        """A quote that the contract would take, its pinned terms, and all of the operator's checks done."""
        privacy.check(request.use, self._readers(request), self.sealing)
        now = max(self.reader.timestamp(), int(self.clock()))  # an idle development chain's newest block may be old
        model = self._model(request.token, now)
        self.store.get(cid(model.metadata))  # the licence names the model: nobody pays for what cannot be recorded
        catalogue = self._catalogue([work_id for work_id, _ in request.choices])
        selection = self._select(request, catalogue, model, now)
        generation = self._generation(request, catalogue, selection)
        self.require_playable(generation)
        self._require_different(generation.sources)
        quote = self._quote(request, selection, model, commitment, now)
        quote.check()
        self._require_bond(quote)
        return quote, selection

    def _readers(self, request: OrderRequest) -> tuple[str, ...]:
        return privacy.readers_of(request.use, request.readers, self.sealing, self.policy.seals_private)

    def _catalogue(self, works: Sequence[bytes]) -> Catalogue:
        if self.catalogue is not None:
            return self.catalogue(works)
        return catalogue_of(self.reader, works)

    def _model(self, token: str, now: int) -> Model:
        found = [model for model in self.reader.models() if model.weights == self.model_digest]
        if not found:
            text = f"The model {to_hex(self.model_digest)} is not registered on this chain."
            raise NotFound(text, "The operator registers it first: `contrafact models register`.")
        open_ = [model for model in found if model.takes_orders(token, now)]
        if not open_:
            text = f"The model {to_hex(self.model_digest)} takes no new orders any more."
            raise InvalidOrder(text, "Install a newer version of Contrafact, with a newer model.")
        accepting = [model for model in open_ if token.lower() in map(str.lower, model.rates)]
        model = (accepting or open_)[0]
        model.base_rate(token)  # raises for a token that it does not take
        return model

    def _select(self, request: OrderRequest, catalogue: Catalogue, model: Model, now: int) -> Selection:
        asked, bound = (request.choices, request.use, request.token), self.policy.highest_base(request.use)
        return select(
            catalogue, *asked, bound, now, drift=request.drift, operator=self.operator, model_id=model.model_id
        )

    def _require_bond(self, quote: Quote) -> None:
        bond = self.reader.bond(self.operator, quote.token)
        if not bond.covers(quote.escrow):
            text = f"The order's escrow of {quote.escrow} units is more than the {bond.free} that are free of the bond."
            text = f"{text} (Operator {self.operator}, token {quote.token}; {bond.locked} units cover open orders.)"
            raise Payment(
                text,
                "Ask for a shorter piece, or wait: the operator can add to its bond (`contrafact operator deposit`).",
            )

    def _generation(self, request: OrderRequest, catalogue: Catalogue, selection: Selection) -> GenerationRequest:
        """What will be generated, but for the seed, which nobody knows before the order is funded."""
        inputs = tuple(
            SourceInput(to_hex(source.work_id), self._form(catalogue, source), source.weight, source.min_share)
            for source in selection.sources
            if not source.through
        )
        return GenerationRequest(inputs, request.music, bytes(32), self.policy.highest_base(request.use))

    def _require_different(self, sources: Sequence[SourceInput]) -> None:
        for one, other in combinations(sources, 2):
            if self.same_tune(one.form, other.form):
                text = f"The works {one.work_id} and {other.work_id} are versions of one tune."
                raise NotPermitted(text, "Leave one of them out: together they would halve each other's share.")

    def _form(self, catalogue: Catalogue, source: Source) -> bytes:
        """The source form, once it is sure that the file, too, can be read when the order is paid."""
        work = catalogue.entry(source.work_id).work
        protection = work_document(self.store, work.metadata).protection
        require_readable(self.store, work.content, protection)
        return content(self.store, work.source_form, protection)

    def _quote(
        self, request: OrderRequest, selection: Selection, model: Model, seed_commitment: bytes, now: int
    ) -> Quote:
        return Quote(
            maker=request.maker,
            operator=self.operator,
            model_id=model.model_id,
            pool_root=model.pool_split_root,
            token=request.token,
            use=request.use,
            duration=request.music.seconds,
            drift=request.drift,
            request_digest=request.music.digest(),
            seed_commitment=seed_commitment,
            base_rate=model.base_rate(request.token),
            operator_fee=self.policy.operator_fee,
            max_base_share=self.policy.highest_base(request.use),
            valid_until=now + self.policy.quote_seconds,
            deadline=now + self.policy.quote_seconds + self.policy.delivery_seconds,
            nonce=secrets.randbits(64),
            sources=selection.sources,
        )

    def _keep(self, signed: SignedQuote, secret: bytes, readers: tuple[str, ...]) -> None:
        folder = OrderFolder(self.home, order_id(signed.quote, self.reader.domain))
        privacy.remember(folder, readers)
        folder.once("secret", lambda: secret, mode=0o600)
        folder.once("quote.json", signed.to_bytes)


def catalogue_of(reader: LedgerReader, ids: Sequence[bytes]) -> Catalogue:
    """These works and, of recordings among them, the compositions, by the chain. Unknown ones are left out."""
    asked = reader.works(ids)
    through = {work.recording_of for work in asked if work.recording_of is not None}.difference(ids)
    works = [*asked, *reader.works(through)]
    return Catalogue.of(works, reader.terms_history([work.work_id for work in works]))
