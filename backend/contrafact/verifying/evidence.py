"""All that a verdict is made of: what was read and heard in a file, and what the chain knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contrafact.domain.certificates import Certificate
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Committed, Funded
from contrafact.domain.pieces import Alike
from contrafact.domain.record import AttributionRecord
from contrafact.verifying.ports import Signed, Sound


@dataclass(frozen=True, slots=True)
class Claimed:
    """The order that a certificate names, as the chain has it. `signers` are the addresses that may sign for its
    operator, in lower case; `record` is None where it cannot be had."""

    funded: Funded
    committed: Committed
    signers: frozenset[str]
    record: AttributionRecord | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An order whose piece a file sounds as: to the sample where `alike` is None."""

    order_id: bytes
    alike: Alike | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """`place` is the chain's id and its escrow's address, None without a chain; `claimed` is None where that chain has
    no such committed order. `deaf` says why the sound is None. `recorded` is the claimed piece's sound, where the store
    has it, and `likeness` how far the file's is that. `reads_certificates`: whether a certificate would have been seen.
    """

    signed: Signed | None
    sound: Sound | None
    deaf: str = ""
    place: tuple[int, str] | None = None
    claimed: Claimed | None = None
    recorded: Sound | None = None
    likeness: Alike | None = None
    found: Found | None = None
    reads_certificates: bool = True

    @property
    def is_exact(self) -> bool:
        """Whether the sound is the claimed piece's to the sample."""
        pcm = self.sound.pcm if self.sound else None
        return pcm is not None and self.claimed is not None and pcm == self.claimed.committed.commit.output_digest

    @property
    def is_encoded_anew(self) -> bool:
        """Whether the file keeps its samples otherwise than the recorded one: lossily, or at another rate."""
        if self.sound is None or self.recorded is None:
            return False
        forms = [(one.rate, one.channels) for one in (self.sound, self.recorded)]
        return self.sound.pcm is None or forms[0] != forms[1]


def differences(claims: Certificate, claimed: Claimed) -> Iterator[str]:
    """What a certificate says otherwise than the chain and the record, in the words of a sentence's subject."""
    quote, commit = claimed.funded.quote, claimed.committed.commit
    sources = [(source.work_id, share) for source, share in zip(quote.inference_set, commit.shares, strict=False)]
    rows: list[tuple[str, object, object]] = [
        ("the record", to_hex(claims.record), to_hex(commit.record_digest)),
        ("the digest of the sound", to_hex(claims.pcm), to_hex(commit.output_digest)),
        ("the model", to_hex(claims.model_id), to_hex(quote.model_id)),
        ("the operator", claims.operator.lower(), quote.operator.lower()),
        ("the use", claims.use.lower(), quote.use.name.lower()),
        ("the base share", claims.base_share, commit.base_share),
        ("the sources and their shares", [(s.work_id, s.share) for s in claims.sources], sources),
    ]
    if claimed.record is not None:
        rows.append(("the licence text", to_hex(claims.licence), to_hex(claimed.record.licence)))
    yield from (name for name, said, known in rows if said != known)
