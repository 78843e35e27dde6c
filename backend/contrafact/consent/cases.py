"""One training work of a model, and what can be shown about its consent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from contrafact.domain.consent_proofs import Candidates, Consent, NoConsent
from contrafact.domain.digests import to_hex
from contrafact.domain.inquiries import Inquiry, consent_id
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.model_consent import judged
from contrafact.domain.models import Model
from contrafact.domain.training_consent import Learner
from contrafact.errors import ContractError, InvalidInput, NotFound


class ConsentJudge(Protocol):
    """What the contracts say about consents. Both `require…` raise ContractError where they are not shown."""

    def consent_of(self, consent_id: bytes) -> Inquiry: ...
    def require_no_consent(self, model_id: bytes, leaf: Leaf, proof: Sequence[bytes], evidence: NoConsent) -> None: ...
    def require_consent(self, model_id: bytes, leaf: Leaf, consent: Consent) -> None: ...


@dataclass(frozen=True)
class Case:
    """A leaf of a model's manifest before the contracts."""

    model: Model
    manifest: Manifest
    leaf: Leaf
    candidates: Candidates
    judge: ConsentJudge

    @property
    def work_id(self) -> bytes:
        """The work's id, which it has also where nobody registered it."""
        return self.candidates.licences.registry.work_id(self.leaf.registrant, self.leaf.content)

    @property
    def consent_id(self) -> bytes:
        return consent_id(self.model.model_id, self.leaf)

    @property
    def inquiry(self) -> Inquiry:
        """How it stands at the desk."""
        return self.judge.consent_of(self.consent_id)

    @property
    def proof(self) -> tuple[bytes, ...]:
        """The leaf's branch in the manifest."""
        return self.manifest.proof(self.leaf)

    def no_consent(self) -> NoConsent | None:
        """What shows the contract at once that the leaf is no consent; None where it must be asked for."""
        proof = self.proof
        for evidence in self.candidates.against(self.leaf):
            try:
                self.judge.require_no_consent(self.model.model_id, self.leaf, proof, evidence)
            except ContractError:
                continue
            return evidence
        return None

    def consent(self) -> Consent | None:
        """What shows the contract that the leaf is a consent; None where nothing that is published does."""
        for evidence in self.candidates.consents(self.leaf, self.model):
            try:
                self.judge.require_consent(self.model.model_id, self.leaf, evidence)
            except ContractError:
                continue
            return evidence
        return None


@dataclass(frozen=True)
class Cases:
    """All training works of a model before the contracts; `times` are blocks' seconds since the epoch."""

    model: Model
    manifest: Manifest
    candidates: Candidates
    judge: ConsentJudge
    times: Mapping[int, int]

    def suspected(self) -> Iterator[tuple[Case, str]]:
        """The works whose consent is missing, each with the reason, as the audit finds them (`model.consent`)."""
        model = self.model
        learner = Learner(model.model_id, model.registrant, model.block, self.times[model.block])
        for leaf in self.manifest.leaves:
            if reason := judged(leaf, self.candidates.licences, learner, self.times).reason:
                yield self._of(leaf), reason

    def named(self, text: str) -> Case:
        """The work whose id or content digest is, or begins like, `text`. Raises NotFound and InvalidInput."""
        wanted = text.lower()
        if len(wanted) < 10 or not wanted.startswith("0x"):
            hint = "Write 0x and at least the first 8 hex digits of its id or its content's SHA-256."
            raise InvalidInput(f"{text!r} is not a work.", hint)
        every = map(self._of, self.manifest.leaves)
        found = [case for case in every if any(to_hex(i).startswith(wanted) for i in (case.work_id, case.leaf.content))]
        if not found:
            hint = "`contrafact models manifest MODEL` lists what it learnt from."
            raise NotFound(f"The model did not learn from a work {text}.", hint)
        if len(found) > 1:
            ids = ", ".join(to_hex(case.work_id) for case in found[:3])
            raise InvalidInput(f"{len(found)} training works begin like {text}: {ids} …", "Write the work's whole id.")
        return found[0]

    def _of(self, leaf: Leaf) -> Case:
        return Case(self.model, self.manifest, leaf, self.candidates, self.judge)
