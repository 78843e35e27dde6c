"""The ports through which the order job and the audit speak to the world. Small, so that a fake is readable."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from contrafact.content_ports import ContentStore as ContentStore
from contrafact.content_ports import KeptStore as KeptStore
from contrafact.content_ports import Sealing as Sealing
from contrafact.domain.certificates import Certificate
from contrafact.domain.generation import EventLedger, EventNote, Generation, GenerationRequest, MusicRequest
from contrafact.domain.grants import Grant
from contrafact.domain.history import (
    Anchored,
    Claim,
    Committed,
    Credited,
    Funded,
    Materialised,
    Paid,
    Refunded,
    SplitVersion,
    TermsVersion,
)
from contrafact.domain.models import Model
from contrafact.domain.money import Currency
from contrafact.domain.orders import Commit, Eip712Domain, Quote
from contrafact.domain.recognition import Candidate, Recognition
from contrafact.domain.terms import Terms
from contrafact.domain.works import Work


class OrderStatus(StrEnum):
    NONE = "none"
    FUNDED = "funded"
    COMMITTED = "committed"
    REFUNDED = "refunded"


class PlaceStatus(StrEnum):
    """What is known of a holder's place in a split. Money of an unconfirmed one waits until its holder confirms."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    READDRESSED = "readdressed"


@dataclass(frozen=True, slots=True)
class Place:
    """A holder's place in a royalty account, and what was drawn on it, in units of the account's token."""

    drawn: int
    status: PlaceStatus


@dataclass(frozen=True, slots=True)
class Bond:
    """An operator's bond in one token, without what is being withdrawn; `locked` covers open orders and challenges."""

    amount: int
    locked: int

    @property
    def free(self) -> int:
        """What can cover another order."""
        return self.amount - self.locked

    def covers(self, escrow: int) -> bool:
        """Whether the contract would take an order of this escrow."""
        return self.amount > 0 and escrow <= self.free


class LedgerReader(Protocol):
    """Reads of the chain, all from one set of contracts. Raises ChainError when it cannot be reached."""

    @property
    def domain(self) -> Eip712Domain: ...

    def works(self, ids: Collection[bytes] | None = None) -> Sequence[Work]:
        """The registered works among `ids`, or all of them; so for the histories."""

    def terms_history(self, ids: Collection[bytes] | None = None) -> Sequence[TermsVersion]: ...
    def split_history(self, ids: Collection[bytes] | None = None) -> Sequence[SplitVersion]: ...
    def models(self) -> Sequence[Model]: ...
    def funded(self, order_id: bytes | None = None) -> Sequence[Funded]: ...
    def committed(self, order_id: bytes | None = None) -> Sequence[Committed]: ...
    def refunded(self) -> Sequence[Refunded]: ...
    def credited(self) -> Sequence[Credited]: ...
    def paid(self) -> Sequence[Paid]: ...
    def order_status(self, order_id: bytes) -> OrderStatus: ...
    def licensor_changes(self, ids: Collection[bytes] | None = None) -> Sequence[tuple[bytes, str, int]]:
        """Work, licensor and block, oldest first; the first one of a work is its registrant."""

    def currency(self, token: str) -> Currency:
        """How amounts of a token are written. What a token says of itself is shown, never relied on."""

    def claimable(self, claim: Claim) -> int: ...
    def place(self, account: bytes, index: int) -> Place: ...
    def payee_of(self, account: bytes, index: int) -> str:
        """The address that a readdressed place is paid to, zero for any other."""

    def threshold(self, holder: str, token: str) -> int: ...
    def bond(self, operator: str, token: str) -> Bond: ...
    def timestamp(self) -> int: ...


class ConsentLedger(Protocol):
    """Reads of what licensors permitted, and of what models learnt from. Raises ChainError as above."""

    @property
    def domain(self) -> Eip712Domain: ...

    @property
    def catalogue(self) -> str:
        """The address of the catalogue, to which the ids of works and models belong."""

    def works(self) -> Sequence[Work]: ...
    def terms_history(self) -> Sequence[TermsVersion]: ...
    def split_history(self) -> Sequence[SplitVersion]: ...
    def licensor_changes(self, ids: Collection[bytes] | None = None) -> Sequence[tuple[bytes, str, int]]:
        """Work, licensor and block, oldest first; the first one of a work is its registrant."""

    def collections(self) -> Sequence[Anchored]: ...
    def materialised(self) -> Sequence[Materialised]: ...
    def models(self) -> Sequence[Model]: ...


class LedgerWriter(Protocol):
    """Transactions of one account. Each waits for its receipt and raises ContractError with the revert's reason."""

    @property
    def address(self) -> str: ...

    def affords(self, gas: int) -> bool:
        """Whether the account's coin pays for so much gas at present fees. Raises ChainError."""

    def fund(
        self, quote: Quote, signature: bytes, maker_salt: bytes, terms: Sequence[Terms], grants: Sequence[Grant] = ()
    ) -> str: ...
    def commit(self, quote: Quote, maker_salt: bytes, commit: Commit, signature: bytes) -> str: ...
    def refund(self, order: Funded) -> str: ...
    def confirm(self, claims: Sequence[Claim], signatures: Sequence[bytes]) -> str: ...
    def payout(self, claims: Sequence[Claim]) -> str: ...


class Verdict(StrEnum):
    """What a replay says; the names are those of the attribution method."""

    IDENTICAL = "identical"
    DIVERGENT = "numerically divergent"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """A verdict; `event` is the first draw or note that differs, with a sentence on how.

    `longest_runs` is the longest verbatim run of each source, where the recorded tokens could be followed to the end.
    """

    verdict: Verdict
    event: int | None = None
    detail: str = ""
    longest_runs: tuple[int, ...] | None = None


class Stream(Protocol):
    """A piece that plays bar by bar. Raises InvalidOrder for weights that it cannot be steered to."""

    bars: int

    def __next__(self) -> tuple[EventNote, ...]: ...

    def steer(self, weights: tuple[int, ...]) -> None: ...

    def shares(self) -> tuple[int, tuple[int, ...]]: ...

    def generation(self) -> Generation: ...


class LiveSound(Protocol):
    """The sound of a piece while it plays, bar after bar: each a file of its own, the tails of notes in later ones."""

    def bar(self, notes: Sequence[EventNote], end: int) -> bytes:
        """A FLAC file of the sound from the bar before to the tick `end`; `notes` begin in between."""

    def finish(self) -> bytes:
        """A FLAC file of what still sounds after the last bar; empty where nothing does."""


class Generator(Protocol):
    """A model that generates and attributes. Raises InvalidScore and InvalidOrder for unusable sources or requests."""

    @property
    def model_digest(self) -> bytes: ...

    @property
    def identity(self) -> dict[str, object]: ...

    def generate(self, request: GenerationRequest, on_bar: Callable[[int, int], None] | None = None) -> Generation: ...

    def stream(self, request: GenerationRequest) -> Stream: ...

    def replay(self, request: GenerationRequest, events: EventLedger) -> ReplayResult: ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """A piece as files: FLAC of the mix and of one stem per component (base first), MIDI, digest of the mix's PCM."""

    mix: bytes
    stems: tuple[bytes, ...]
    midi: bytes
    pcm_digest: bytes
    stem_pcm_digests: tuple[bytes, ...]


class Renderer(Protocol):
    """Turns events into sound, the same way every time."""

    @property
    def identity(self) -> dict[str, object]: ...

    def render(self, events: EventLedger, music: MusicRequest) -> Rendered: ...


class Certifying(Protocol):
    """Puts an operator's certificate into the files that it delivers."""

    def certified(self, audio: bytes, media_type: str, claims: Certificate) -> bytes:
        """The same sound, in a file that carries these claims. Another call may give other bytes: keep the first.

        Raises NotFound where no certificate is set up, NotPermitted where it has ended or is another's, InvalidInput
        for what cannot carry one or a certificate that cannot be read, ChainError where its account does not sign it.
        """

    def converted(self, flac: bytes, kind: str) -> bytes:
        """The 16-bit FLAC as `flac`, `wav` or `mp3`. Raises InvalidInput, and NotFound where nothing can write it."""


class Identification(Protocol):
    """Recognises works of a catalogue. Raises InvalidScore for a file that cannot be read or heard."""

    def identify(self, data: bytes, media_type: str) -> Recognition:
        """What a score or a recording is, held against every work that was added."""

    def same_tune(self, first: bytes, second: bytes) -> Candidate | None:
        """Whether two source forms are versions of one another: the second as a candidate for the first, or None.

        The candidate is named by the digest of the second form.
        """

    def like(self, source_form: bytes) -> Sequence[Candidate]:
        """Works that have this source form, or a version of it; best first. Raises InvalidScore for other bytes."""

    def add(self, work_id: bytes, content: bytes, media_type: str, source_form: bytes) -> None:
        """Adds a registered work; adding it again is harmless."""

    def forget(self, work_id: bytes) -> None:
        """Takes a work out whose registration is no longer on the chain; harmless for any other."""

    def has(self, work_id: bytes) -> bool: ...
