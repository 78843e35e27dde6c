"""One file, verified: what is in it, what the chain knows of that, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from contrafact.contents import content
from contrafact.domain.pieces import Alike
from contrafact.errors import ContrafactError, InvalidInput, NotFound
from contrafact.verifying import remarks
from contrafact.verifying.evidence import Claimed, Evidence, Found
from contrafact.verifying.judging import judge
from contrafact.verifying.kinds import kind_of
from contrafact.verifying.orders import Order, committed_order, read_order, read_record
from contrafact.verifying.ports import Gap, Signed, Sound, Tools
from contrafact.verifying.report import Report

NO_EAR = "nothing that hears audio is installed."


def verify(data: bytes, tools: Tools) -> Report:
    """What a file is. Raises InvalidInput for one that is no audio file, and ChainError where a chain that is there
    cannot be asked."""
    return _Verification(data, kind_of(data), tools).report()


@dataclass
class _Verification:
    data: bytes
    media_type: str
    tools: Tools
    gaps: list[Gap] = field(default_factory=list)

    def report(self) -> Report:
        self.gaps += self.tools.gaps
        evidence = self._evidence()
        judgement = judge(evidence)
        order = self._order(judgement.order_id)
        judgement = replace(judgement, reasons=(*judgement.reasons, *self._remarks(evidence, order)))
        return Report(self.data, self.media_type, evidence, judgement, order, tuple(self.gaps), self.tools.trust)

    def _evidence(self) -> Evidence:
        signed = self._signed()
        sound, deaf = self._sound(signed)
        chain = self.tools.chain
        claimed = self._claimed(signed)
        recorded = self._recorded(claimed, sound)
        return Evidence(
            signed=signed,
            sound=sound,
            deaf=deaf,
            place=(chain.domain.chain_id, chain.domain.contract) if chain else None,
            claimed=claimed,
            recorded=recorded,
            likeness=self._likeness(claimed, sound, recorded),
            found=self._found(sound),
            reads_certificates=self.tools.certificates is not None,
        )

    def _signed(self) -> Signed | None:
        reader = self.tools.certificates
        return reader.read(self.data, self.media_type) if reader else None

    def _sound(self, signed: Signed | None) -> tuple[Sound | None, str]:
        """What is heard; a file that carries a certificate is judged even where it cannot be heard any more."""
        if self.tools.ear is None:
            return None, NO_EAR
        try:
            return self.tools.ear.hear(self.data), ""
        except InvalidInput as error:
            if signed is None:
                raise
            self.gaps.append(Gap("the sound", error.message, error.hint))
            return None, error.message

    def _claimed(self, signed: Signed | None) -> Claimed | None:
        chain, claims = self.tools.chain, signed.claims if signed else None
        if chain is None or claims is None:
            return None
        if (claims.chain_id, claims.contract.lower()) != (chain.domain.chain_id, chain.domain.contract.lower()):
            return None
        try:
            funded, committed = committed_order(chain, claims.order_id)
        except NotFound:
            return None
        signers = chain.signers_of(funded.quote.operator, committed.block)
        record, _ = read_record(self.tools.store, committed)
        return Claimed(funded, committed, frozenset(address.lower() for address in signers), record)

    def _recorded(self, claimed: Claimed | None, sound: Sound | None) -> Sound | None:
        """The claimed piece as the store has it, where that is needed to compare the file's sound with it."""
        store, ear = self.tools.store, self.tools.ear
        if claimed is None or sound is None or sound.pcm == claimed.committed.commit.output_digest:
            return None
        if store is None or ear is None or (record := claimed.record) is None:
            return None
        try:
            return ear.hear(content(store, record.mix.flac, record.protection))
        except ContrafactError as error:
            self.gaps.append(Gap("the sound beside the recorded one", error.message, error.hint))
            return None

    def _likeness(self, claimed: Claimed | None, sound: Sound | None, recorded: Sound | None) -> Alike | None:
        if claimed is None or sound is None or recorded is None or self.tools.ear is None:
            return None
        return self.tools.ear.compare(sound, recorded, claimed.funded.order_id)

    def _found(self, sound: Sound | None) -> Found | None:
        """The order whose piece it is: by the digest of its samples, else by ear."""
        pieces = self.tools.pieces
        if pieces is None or sound is None:
            return None
        exact = pieces.with_pcm(sound.pcm) if sound.pcm is not None else ()
        if exact:
            return Found(exact[0].order_id)
        copy = next((alike for alike in pieces.like(sound) if alike.is_copy), None)
        self.gaps += pieces.gaps() if copy is None else ()
        return Found(copy.order_id, copy) if copy else None

    def _remarks(self, evidence: Evidence, order: Order | None) -> Iterator[str]:
        if order is None or self.tools.chain is None:
            return
        yield from self._excerpt(evidence, order)
        yield from remarks.of_challenges(self.tools.chain.challenges(order.order_id))
        claims = evidence.signed.claims if evidence.signed else None
        if claims is not None and claims.order_id == order.order_id:
            yield from remarks.of_titles(claims, order)

    def _excerpt(self, evidence: Evidence, order: Order) -> Iterator[str]:
        """Where the file's sound is a part of the piece, by ear, and the piece can be had: which."""
        found = evidence.found.alike if evidence.found else None
        alike = next((a for a in (evidence.likeness, found) if a and a.is_copy and a.order_id == order.order_id), None)
        if alike is None or evidence.sound is None:
            return
        whole = evidence.recorded or self._whole(order)
        yield from remarks.of_excerpt(alike, evidence.sound.seconds, whole.seconds) if whole else ()

    def _whole(self, order: Order) -> Sound | None:
        store, ear, record = self.tools.store, self.tools.ear, order.record
        if store is None or ear is None or record is None:
            return None
        with suppress(ContrafactError):
            return ear.hear(content(store, record.mix.flac, record.protection))
        return None

    def _order(self, order_id: bytes | None) -> Order | None:
        if order_id is None or self.tools.chain is None:
            return None
        order, gaps = read_order(self.tools.chain, self.tools.store, order_id)
        self.gaps += gaps
        return order
