"""The verdict on a file, from the evidence alone."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.domain.certificates import Certificate
from contrafact.domain.digests import to_hex
from contrafact.verifying.evidence import Claimed, Evidence, Found, differences
from contrafact.verifying.ports import Signed
from contrafact.verifying.verdicts import Verdict

PARTLY = 0.25
"""The part of a file's time from which on it is said to hold some of a recorded piece."""

NOBODYS = "No recorded piece that is known here sounds like it."


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reasons, and the order whose piece the file is, as far as it is one."""

    verdict: Verdict
    reasons: tuple[str, ...]
    order_id: bytes | None = None


def judge(evidence: Evidence) -> Judgement:
    """Certificate first, then the sound."""
    signed = evidence.signed
    if signed is not None and signed.problem:
        return _unreadable(evidence, signed)
    if signed is None or signed.claims is None:
        return _without_certificate(evidence)
    if evidence.place is None:
        return Judgement(Verdict.UNCHECKED, ("The certificate is there, but no chain to hold it against.",))
    if (signed.claims.chain_id, signed.claims.contract.lower()) != (evidence.place[0], evidence.place[1].lower()):
        return _of_another_chain(evidence, signed.claims)
    if evidence.claimed is None:
        return _forged(evidence, f"No order {to_hex(signed.claims.order_id)} was ever committed on this chain.")
    if faults := _faults(signed, signed.claims, evidence.claimed):
        return _forged(evidence, *faults)
    return (_untouched if signed.is_bound else _touched)(evidence, evidence.claimed)


def _faults(signed: Signed, claims: Certificate, claimed: Claimed) -> list[str]:
    """Why the certificate is not one of the order's operator about this order."""
    operator, found = claimed.funded.quote.operator, []
    if not signed.is_signed:
        found.append("The signature does not hold: nobody knows who wrote what the certificate says.")
    elif signed.account is None:
        found.append("No account of the chain vouches for the certificate that signed.")
    elif signed.account.lower() not in claimed.signers:
        found.append(f"{signed.account} vouches for who signed, but the order's operator is {operator}.")
    if differing := list(differences(claims, claimed)):
        found.append(f"The certificate says otherwise than the chain: {', '.join(differing)}.")
    return found


def _untouched(evidence: Evidence, claimed: Claimed) -> Judgement:
    """The bytes are those that the operator signed."""
    order, sound, likeness = claimed.funded.order_id, evidence.sound, evidence.likeness
    signed = "The order's operator signed exactly these bytes."
    if evidence.signed is not None and not evidence.signed.is_in_date:
        signed += " Its certificate has ended since, or is not valid yet by this machine's clock."
    if evidence.is_exact:
        return Judgement(Verdict.CERTIFIED, (signed, "The sound is the recorded one, to the sample."), order)
    if sound is not None and sound.pcm is not None:
        return _forged(evidence, f"{signed} But its samples are not those of the committed piece.")
    if sound is None or likeness is None:
        why = evidence.deaf or "the recorded piece could not be had to compare it with."
        return Judgement(Verdict.UNCHECKED, (signed, f"The sound was not held against the record: {why}"), order)
    if likeness.is_copy:
        how = f"The sound is the recorded one, by ear: {_agreeing(likeness.covered)}."
        return Judgement(Verdict.CERTIFIED, (signed, how), order)
    return _forged(evidence, f"{signed} But it does not sound as the committed piece.")


def _touched(evidence: Evidence, claimed: Claimed) -> Judgement:
    """The bytes are others than those that were signed."""
    order, likeness, changed = claimed.funded.order_id, evidence.likeness, "The bytes are not those that were signed."
    if evidence.is_exact:
        same = "The sound is still the recorded one, to the sample: only what stands around it was changed."
        return Judgement(Verdict.ALTERED, (changed, same), order)
    if likeness is None:
        why = evidence.deaf or "the recorded piece could not be had to compare it with."
        return Judgement(
            Verdict.ALTERED, (changed, f"Whether the sound is still the recorded one is open: {why}"), order
        )
    if likeness.is_copy:
        agreeing = f"It sounds as the recorded piece: {_agreeing(likeness.covered)}."
        if evidence.is_encoded_anew:
            return Judgement(Verdict.RE_ENCODED, (changed, agreeing), order)
        not_exact = "The samples are no longer the recorded ones."
        return Judgement(Verdict.ALTERED, (changed, agreeing, not_exact), order)
    other = evidence.found.order_id if evidence.found and evidence.found.order_id != order else None
    if likeness.covered >= PARTLY and other is None:
        some = f"The sound is not the recorded one any more: {_agreeing(likeness.covered)}."
        return Judgement(Verdict.ALTERED, (changed, some), order)
    return _transplanted(f"The certificate is that of order {to_hex(order)}, which sounds otherwise.", other)


def _of_another_chain(evidence: Evidence, claims: Certificate) -> Judgement:
    named = f"The certificate names contract {claims.contract} on chain {claims.chain_id}, which is not read here."
    if evidence.found is not None:
        return _transplanted(named, evidence.found.order_id)
    return Judgement(Verdict.UNKNOWN, (named, "Ask a service, or give an RPC URL and addresses, of that chain."))


def _unreadable(evidence: Evidence, signed: Signed) -> Judgement:
    """Claims that no software of ours writes are forged; a manifest in ruins tells nothing but that it was changed."""
    why = f"The certificate in the file cannot be read: {signed.problem}"
    if signed.is_ours:
        return _forged(evidence, why)
    if evidence.found is None:
        return Judgement(Verdict.UNKNOWN, (why, NOBODYS))
    return Judgement(Verdict.ALTERED, (why, _sounding(evidence.found)), evidence.found.order_id)


def _transplanted(why: str, other: bytes | None) -> Judgement:
    sounds = f"The sound is that of order {to_hex(other)}." if other else "The sound is that of no order known here."
    return Judgement(Verdict.TRANSPLANTED, (why, sounds), other)


def _forged(evidence: Evidence, *reasons: str) -> Judgement:
    found = evidence.found
    sounds = f"The sound itself is that of order {to_hex(found.order_id)}." if found else ""
    return Judgement(Verdict.FORGED, tuple(filter(None, (*reasons, sounds))), found.order_id if found else None)


def _without_certificate(evidence: Evidence) -> Judgement:
    found = evidence.found
    foreign = "A certificate is in the file, but it says nothing of Contrafact." if evidence.signed else ""
    if evidence.place is None or evidence.sound is None:
        return Judgement(Verdict.UNCHECKED, ("There is no chain, or nothing that hears, to look the sound up.",))
    if found is None:
        return Judgement(Verdict.UNKNOWN, tuple(filter(None, (foreign, NOBODYS))))
    how = _sounding(found)
    if not evidence.reads_certificates:
        return Judgement(Verdict.UNCHECKED, (how, "Whether it has a certificate could not be read."), found.order_id)
    return Judgement(Verdict.STRIPPED, tuple(filter(None, (foreign, how))), found.order_id)


def _sounding(found: Found) -> str:
    if found.alike is None:
        return "The sound is the recorded one, to the sample."
    return f"It sounds as the recorded piece: {_agreeing(found.alike.covered)}."


def _agreeing(part: float) -> str:
    return f"{part:.0%} of the file's time agrees with it"
