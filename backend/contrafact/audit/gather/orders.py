"""Reading the documents of committed orders, and trying again what made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contrafact.audit.evidence import Catalogue, Chain
from contrafact.audit.gather import replays, sound
from contrafact.audit.gather.documents import read
from contrafact.audit.gather.replays import Replayer, why
from contrafact.audit.order_files import OrderFiles, Rerendered, Sound
from contrafact.audit.ports import Decoded, Tools
from contrafact.audit.results import NO_FILES, NOT_SAMPLED, Done, Failed, Result, Skipped, presence, then
from contrafact.domain import events as event_ledgers
from contrafact.domain.digests import sha256
from contrafact.domain.generation import EventLedger
from contrafact.domain.history import Committed
from contrafact.domain.opinions import Opinions
from contrafact.domain.record import AttributionRecord
from contrafact.errors import ContrafactError
from contrafact.ports import ContentStore

NO_RECORD = "The attribution record could not be read."
NO_EVENTS = "The list of notes could not be read."


@dataclass(frozen=True, slots=True)
class OrderGatherer:
    """Gathers one order at a time, so that only one order's sound is in memory.

    Without `sounds`, no sound file is read.
    """

    store: ContentStore
    tools: Tools
    catalogue: Catalogue
    sounds: bool = True

    def order(self, chain: Chain, committed: Committed, replayed: bool) -> OrderFiles:
        """All that is published about a committed order, and what the installed tools make of it."""
        commit = committed.commit
        record = then(read(self.store, commit.record_digest), AttributionRecord.from_bytes)
        protection = record.value.protection if isinstance(record, Done) else None
        events = then(read(self.store, commit.evidence_root, protection), event_ledgers.from_bytes)
        files = self._files(record)
        decoded = self._decoded(record, files)
        replayer = Replayer(chain, self.store, self.tools.generator, self.catalogue)
        unsampled = Skipped(NOT_SAMPLED)
        replay = replayer.replay(commit.order_id, record, events) if replayed else unsampled
        return OrderFiles(
            record=record,
            events=events,
            files={digest: presence(file) for digest, file in files.items()},
            decoded=then(decoded, sound.digests),
            stem_error=then(decoded, sound.stem_error),
            replay=replay,
            runs=replays.runs(replay),
            viable=replayer.viable(commit.order_id, record) if replayed else unsampled,
            rerendered=self._rerendered(record, events) if replayed else unsampled,
            opinions=self._opinions(record, events),
        )

    def _files(self, record: Result[AttributionRecord]) -> Mapping[bytes, Result[bytes]]:
        if not isinstance(record, Done):
            return {}
        found = record.value
        named = (found.midi, found.mix.flac, *(stem.flac for stem in found.stems))
        if not self.sounds:
            return dict.fromkeys(named, Skipped(NO_FILES))
        return {digest: read(self.store, digest, found.protection) for digest in named}

    def _decoded(
        self, record: Result[AttributionRecord], files: Mapping[bytes, Result[bytes]]
    ) -> Result[tuple[Decoded, ...]]:
        """The sound of the mix and of each stem."""
        decoder = self.tools.decoder
        if not self.sounds:
            return Skipped(NO_FILES)
        if decoder is None:
            return Skipped("No FLAC decoder is installed.")
        if not isinstance(record, Done):
            return Skipped(NO_RECORD)
        found = [files[audio.flac] for audio in (record.value.mix, *record.value.stems)]
        held = [file.value for file in found if isinstance(file, Done)]
        if len(held) < len(found):
            reasons = [file.reason for file in found if isinstance(file, Skipped)]
            return Skipped(" ".join(("Not all sound files could be read:", *reasons[:1])))
        return then(Done(held), lambda flacs: tuple(map(decoder.decode, flacs)))

    def _rerendered(self, record: Result[AttributionRecord], events: Result[EventLedger]) -> Result[Rerendered]:
        """What the installed renderer makes of the notes, where it is the one that the record names."""
        renderer = self.tools.renderer
        if renderer is None:
            return Skipped("No renderer is installed.")
        if not isinstance(record, Done) or not isinstance(events, Done):
            return Skipped(NO_RECORD if not isinstance(record, Done) else why(events) or NO_EVENTS)
        if renderer.identity != record.value.renderer:
            return Skipped("The renderer that is installed is not the one that made the sound.")
        try:
            rendered = renderer.render(events.value, record.value.request)
        except Exception as error:  # whatever the notes do to it, the audit goes on
            return Failed(f"The renderer refuses the notes: {error!r}.")
        return Done(Rerendered(Sound(rendered.pcm_digest, rendered.stem_pcm_digests), sha256(rendered.midi)))

    def _opinions(self, record: Result[AttributionRecord], events: Result[EventLedger]) -> Result[Opinions]:
        """Three views of who is in the piece."""
        opine = self.tools.opine
        if opine is None:
            return Skipped(self.tools.no_opinions)
        if not isinstance(record, Done):
            return Skipped(f"Not computed: {NO_RECORD[0].lower()}{NO_RECORD[1:]}")
        if isinstance(events, Skipped):
            return Skipped(f"Not computed: {events.reason}")
        try:
            return Done(opine(record.value))
        except ContrafactError as error:
            return Failed(f"Not computed: {error}")
        except Exception as error:  # whatever the evidence does to it, the audit goes on
            return Failed(f"Not computed: {error!r}.")
