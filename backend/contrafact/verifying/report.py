"""What a verification says, for programs; command and page show the same."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from contrafact.domain.digests import cid, sha256, to_hex
from contrafact.domain.money import Currency
from contrafact.verifying.evidence import Evidence
from contrafact.verifying.judging import Judgement
from contrafact.verifying.orders import Order
from contrafact.verifying.payments import Paid
from contrafact.verifying.ports import Gap, Signed
from contrafact.verifying.verdicts import Verdict
from contrafact.verifying.wording import advice, meaning


@dataclass(frozen=True)
class Report:
    """`order` is that whose piece the file is, None where it is none that is known; `trust` says what it rests on."""

    data: bytes
    media_type: str
    evidence: Evidence
    judgement: Judgement
    order: Order | None
    not_checked: tuple[Gap, ...]
    trust: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        return self.judgement.verdict

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON: amounts as decimal strings of whole units with their text, shares in ppm, times in
        seconds since the epoch."""
        verdict = self.verdict
        return {
            "verdict": verdict.value,
            "meaning": meaning(verdict, self.order),
            "advice": advice(verdict, self.order),
            "reasons": list(self.judgement.reasons),
            "file": self._file(),
            "certificate": _certificate(self.evidence.signed),
            "found_by": self.found_by,
            "order": _order(self.order, self._licence()) if self.order else None,
            "not_checked": [asdict(gap) for gap in self.not_checked],
            "trust": list(self.trust),
        }

    @property
    def found_by(self) -> str | None:
        """What led to the order: `certificate`, `samples` (to the last one), or `sound` (by ear)."""
        order, evidence = self.judgement.order_id, self.evidence
        if order is None:
            return None
        claimed = evidence.claimed.funded.order_id if evidence.claimed else None
        if claimed == order and self.verdict is not Verdict.FORGED:
            return "certificate"
        return "samples" if evidence.found and evidence.found.alike is None else "sound"

    def _file(self) -> dict[str, Any]:
        sound = self.evidence.sound
        return {
            "sha256": to_hex(sha256(self.data)),
            "size": len(self.data),
            "media_type": self.media_type,
            "seconds": round(sound.seconds, 2) if sound else None,
            "sample_rate": sound.rate if sound else None,
            "channels": sound.channels if sound else None,
            "pcm_sha256": to_hex(sound.pcm) if sound and sound.pcm else None,
        }

    def _licence(self) -> bytes | None:
        """The digest of the licence text: that of the record, else that of a certificate which holds."""
        if self.order and self.order.record:
            return self.order.record.licence
        signed = self.evidence.signed
        holds = self.verdict in (Verdict.CERTIFIED, Verdict.ALTERED, Verdict.RE_ENCODED)
        return signed.claims.licence if holds and signed and signed.claims else None


def _certificate(signed: Signed | None) -> dict[str, Any] | None:
    if signed is None:
        return None
    return {
        "claims": signed.claims.to_dict() if signed.claims else None,
        "problem": signed.problem or None,
        "bytes_untouched": signed.is_bound,
        "signature_holds": signed.is_signed,
        "account": signed.account,
        "subject": signed.subject or None,
        "issuer": signed.issuer or None,
        "key_sha256": to_hex(signed.key) if signed.key else None,
        "signed_at": signed.signed_at,
        "is_in_date": signed.is_in_date,
        "is_trusted": signed.is_trusted,
    }


def _order(order: Order, licence: bytes | None) -> dict[str, Any]:
    quote, commit, money = order.funded.quote, order.committed.commit, order.currency
    return {
        "id": to_hex(order.order_id),
        "record": to_hex(commit.record_digest),
        "record_cid": cid(commit.record_digest),
        "licence": to_hex(licence) if licence else None,
        "licence_cid": cid(licence) if licence else None,
        "maker": quote.maker,
        "operator": quote.operator,
        "use": order.use,
        "seconds": commit.duration,
        "paid_at": order.paid_at,
        "committed_at": order.committed_at,
        "paid_in": order.funded.transaction,
        "committed_in": order.committed.transaction,
        "model": to_hex(quote.model_id),
        "model_name": order.model,
        "token": quote.token,
        "sources": [_work(work, money) for work in order.works],
        "base_share": commit.base_share,
        "training_pool": _money(order.pool, money),
        "operator_fee": _money(order.committed.operator_fee, money),
        "returned": _money(order.committed.refunded, money),
        "escrowed": _money(order.funded.escrowed, money),
        "is_settled": order.is_settled,
    }


def _work(work: Paid, money: Currency) -> dict[str, Any]:
    return {
        "work": to_hex(work.work_id),
        "title": work.title,
        "credits": list(work.credits),
        "share": work.share,
        "weight": work.weight,
        "paid": _money(work.credited, money),
        "settled": _money(work.settled, money),
        "contested": work.contested,
        "waiting": [
            {"holder": one.holder, "amount": _money(one.amount, money), "reason": one.reason} for one in work.waiting
        ],
    }


def _money(units: int, currency: Currency) -> dict[str, str]:
    return {"units": str(units), "text": currency.format(units)}
