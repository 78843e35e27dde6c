"""What a verification is given: a chain, a store, a reader of certificates, an ear, and the pieces known by sound."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from contrafact.domain.certificates import Certificate
from contrafact.domain.challenges import Challenge
from contrafact.domain.history import Credited, Raised
from contrafact.domain.money import Currency
from contrafact.domain.pieces import Alike, CommittedPiece
from contrafact.ports import ContentStore, LedgerReader


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was not checked, and why, with what to do about it."""

    what: str
    why: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate that was found in a file, with what holds of it by itself.

    `claims` are None where it says nothing of Contrafact, and where it cannot be read: then `problem` says why, and
    `is_ours` whether it was meant as one of ours. `is_bound`: the file's bytes are those that were signed. `is_signed`:
    the signature over the claims holds. `account` is the chain address that vouches for the signing certificate, None
    where none does. `subject`, `issuer` and `key` (its SHA-256) are the signing certificate's, `signed_at` is when it
    says that it signed (seconds since the epoch), and `is_trusted` says whether it leads to an anchor of the reader's.
    """

    claims: Certificate | None
    problem: str = ""
    is_ours: bool = True
    is_bound: bool = False
    is_signed: bool = False
    account: str | None = None
    subject: str = ""
    issuer: str = ""
    key: bytes = b""
    signed_at: int | None = None
    is_in_date: bool = False
    is_trusted: bool = False


class Certificates(Protocol):
    """Reads the certificates in audio files."""

    def read(self, audio: bytes, media_type: str) -> Signed | None:
        """The certificate in a file; None where there is none. Raises nothing for what is in the file."""


@dataclass(frozen=True)
class Sound:
    """What was heard in a file. `pcm` is the digest of its samples as records name it, None where they are not kept
    exactly; `samples` are the ear's own."""

    media_type: str
    rate: int
    channels: int
    frames: int
    pcm: bytes | None
    samples: object = field(repr=False)

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


class Ear(Protocol):
    """Hears FLAC, WAV, MP3 and OGG."""

    def hear(self, data: bytes) -> Sound:
        """Raises InvalidInput for a file that is damaged, too long, or no audio file."""

    def compare(self, sound: Sound, recorded: Sound, order_id: bytes) -> Alike:
        """How far a sound is that which was recorded for an order."""


class Pieces(Protocol):
    """The committed pieces, by their sound."""

    def with_pcm(self, pcm: bytes) -> Sequence[CommittedPiece]:
        """The pieces of exactly this sound. Raises ChainError."""

    def named(self, digest: bytes) -> Sequence[CommittedPiece]:
        """The pieces that have this for a file's digest, its PCM's, or its source form's. Raises ChainError."""

    def like(self, sound: Sound) -> Sequence[Alike]:
        """The pieces that share something with a sound, best first. Raises ChainError."""

    def gaps(self) -> Sequence[Gap]:
        """What could not be heard, so that a file of it is not found."""

    def not_compared(self, by_sound: bool) -> int:
        """How many pieces the questions so far were not answered for, all of their files or (`by_sound`) their sound
        being unknown here.
        """


class VerifiedLedger(LedgerReader, Protocol):
    """The chain as a verification reads it. Raises ChainError when it cannot be reached."""

    def credited(self, order_id: bytes | None = None) -> Sequence[Credited]: ...
    def raised(self, order_id: bytes | None = None) -> Sequence[Raised]: ...
    def signers_of(self, operator: str, block: int) -> Collection[str]:
        """The addresses that sign for an operator's work of a block: its own, the key that it had named then, and those
        that it named later, with which a piece may be handed out anew. None that it had replaced before."""

    def challenges(self, order_id: bytes) -> Sequence[Challenge]:
        """The challenges of an order, oldest first."""

    def moment(self, block: int) -> int:
        """Timestamp of a block, in seconds since the epoch."""

    def currency(self, token: str) -> Currency:
        """How amounts of a token are written."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a verification works with; what is None is missing, and one of `gaps` says why."""

    chain: VerifiedLedger | None = None
    store: ContentStore | None = None
    certificates: Certificates | None = None
    ear: Ear | None = None
    pieces: Pieces | None = None
    gaps: tuple[Gap, ...] = ()
    trust: tuple[str, ...] = ()
