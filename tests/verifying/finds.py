"""Files of a real order as people find them: as delivered, changed, cut, signed by others."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import soundfile
from eth_account.signers.local import LocalAccount

from contrafact import verifying
from contrafact.certificates import MEDIA_TYPES, authority, credential
from contrafact.certificates.credential import Account, Credential
from contrafact.certificates.formats import converted
from contrafact.certificates.signing import sign
from contrafact.domain.certificate_binding import Binding
from contrafact.domain.certificates import Certificate, CertifiedSource
from contrafact.domain.digests import cid, from_hex
from contrafact.domain.history import Committed, Funded
from contrafact.domain.record import AttributionRecord
from contrafact.verifying import Report, Tools
from contrafact.wiring.verifying import verification
from tests.e2e.town import Town, operator

GALLERY = Path(__file__).parents[2] / "docs/gallery/audio"


@dataclass(frozen=True, eq=False)
class Finds:
    """The town, its one delivered order, and everything that is written (in `folder`)."""

    town: Town
    order: str
    folder: Path

    @cached_property
    def plain(self) -> bytes:
        """The piece as the store has it: no certificate."""
        return self.town.site().store.get(cid(self.record.mix.flac))

    @cached_property
    def record(self) -> AttributionRecord:
        store = self.town.site().store
        return AttributionRecord.from_bytes(store.get(cid(self.chained[1].commit.record_digest)))

    @cached_property
    def chained(self) -> tuple[Funded, Committed]:
        reader = self.town.site().reader
        return reader.funded(from_hex(self.order))[0], reader.committed(from_hex(self.order))[0]

    @property
    def claims(self) -> Certificate:
        """What a true certificate says of it."""
        (funded, committed), domain = self.chained, self.town.site().deployment.domain
        quote, commit = funded.quote, committed.commit
        sources = zip(quote.inference_set, commit.shares, strict=True)
        titles = {work: tune.title for work, tune in zip(self.town.works, self.town.tunes, strict=True)}
        return Certificate(
            chain_id=domain.chain_id,
            contract=domain.contract,
            order_id=commit.order_id,
            record=commit.record_digest,
            pcm=commit.output_digest,
            licence=self.record.licence,
            model_id=quote.model_id,
            operator=quote.operator,
            use=quote.use.name.lower(),
            base_share=commit.base_share,
            sources=tuple(CertifiedSource(source.work_id, titles[source.work_id], share) for source, share in sources),
        )

    def credential(self, key: LocalAccount | None = None, claims: Certificate | None = None) -> Credential:
        """A certificate of the operator that the claims name, vouched for by `key`, the order's operator's own."""
        said, account, now = claims or self.claims, key or operator(), datetime.now().astimezone()

        def vouch(binding: Binding) -> bytes:
            return bytes(account.sign_message(binding.message()).signature)

        whose = Account(said.operator, account.address, said.chain_id, said.contract, vouch)
        return credential.make(authority.new_authority(said.operator, now), whose, 30, now)

    def certified(
        self, kind: str = "flac", claims: Certificate | None = None, key: LocalAccount | None = None
    ) -> bytes:
        """The piece in this format, with what a certificate claims, as the operator (or who has `key`) signs it."""
        said = claims or self.claims
        return sign(self.file(kind), MEDIA_TYPES[kind], said, self.credential(key, said))

    @cache  # noqa: B019  (one object for the whole session)
    def file(self, kind: str) -> bytes:
        return converted(self.plain, kind)

    @property
    def retitled(self) -> bytes:
        """The certified file with another title written over what was signed."""
        title = self.town.tunes[0].title.encode()
        return self.certified().replace(title, title[::-1])

    @cached_property
    def manifest(self) -> bytes:
        """What stands before the sound in the certified FLAC file."""
        return self.manifest_of(self.claims)

    def manifest_of(self, claims: Certificate) -> bytes:
        signed = self.certified(claims=claims)
        return signed[: len(signed) - len(self.plain)]

    def verify(self, data: bytes, home: Path | None = None, change: Callable[[Tools], Tools] | None = None) -> Report:
        """What an installation says of a file that has its own home, by default the town's."""
        site = self.town.site(**({"home": home} if home else {}))
        with verification(site, site.store) as tools:
            return verifying.verify(data, change(tools) if change else tools)


def samples_of(data: bytes) -> tuple[np.ndarray, int]:
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float64", always_2d=True)
    return samples, rate


def written(samples: np.ndarray, rate: int, kind: str = "FLAC", **more: object) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind, **more)
    return file.getvalue()


@cache
def other_music() -> bytes:
    """A piece that was never ordered here, as FLAC."""
    samples, rate = samples_of((GALLERY / "waltz.ogg").read_bytes())
    return written(samples[: 8 * rate], rate)


def without(name: str) -> Callable[[Tools], Tools]:
    """An installation that lacks one of its tools."""
    return lambda tools: replace(tools, **{name: None})
