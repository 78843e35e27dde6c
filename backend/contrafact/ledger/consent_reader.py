"""Reads of consents to training: what the desk knows of leaves of manifests, and proofs tried out."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.domain.consent_proofs import Consent, NoConsent
from contrafact.domain.inquiries import ConsentAnswered, ConsentMissing, ConsentQuestioned, ConsentStatus, Inquiry
from contrafact.domain.manifests import LICENCE_BYTES, Leaf
from contrafact.ledger.logs import Event
from contrafact.ledger.reader import Reader


class ConsentReader(Reader):
    """A reader that also reads the desk's inquiries: implements the port ConsentJudge."""

    def at(self, block: int) -> ConsentReader:
        """This ledger as it was at the end of `block`."""
        return ConsentReader(self.connection, self.deployment, block=block, log_range=self._log_range)

    def consent_of(self, consent_id: bytes) -> Inquiry:
        """How a leaf of a manifest stands."""
        status, who, answer_until = self._call(self._contracts.desk.functions.consentOf(consent_id))
        return Inquiry(list(ConsentStatus)[status], str(who), int(answer_until))

    def is_fined(self, consent_id: bytes, operator: str, token: str) -> bool:
        """Whether an operator has paid for a leaf in a token."""
        return bool(self._call(self._contracts.desk.functions.isFined(consent_id, operator, token)))

    def question_bond(self) -> int:
        """What a question costs, in wei of the chain's coin."""
        return int(self._call(self._contracts.desk.functions.MIN_BOND()))

    def require_no_consent(self, model_id: bytes, leaf: Leaf, proof: Sequence[bytes], evidence: NoConsent) -> None:
        """Raises ContractError unless the evidence shows that the leaf is no consent. Sends nothing."""
        given = (model_id, leaf.to_abi(), list(proof), evidence.to_abi())
        self._call(self._contracts.catalogue.functions.requireNoConsent(*given))

    def require_consent(self, model_id: bytes, leaf: Leaf, consent: Consent) -> None:
        """Raises ContractError unless the evidence shows that the leaf is a consent to the model. Sends nothing."""
        given = (model_id, leaf.to_abi(), consent.to_abi())
        self._call(self._contracts.catalogue.functions.requireConsent(*given))

    def questions(self, since: int = 0) -> Sequence[ConsentQuestioned]:
        """The consents that were asked for."""
        return [_questioned(event) for event in self._of_desk("ConsentQuestioned", since)]

    def answers(self, since: int = 0) -> Sequence[ConsentAnswered]:
        """The consents that were shown."""
        return [_answered(event) for event in self._of_desk("ConsentAnswered", since)]

    def missing(self, since: int = 0) -> Sequence[ConsentMissing]:
        """The leaves that are known to be without consent."""
        return [_missing(event) for event in self._of_desk("ConsentMissing", since)]

    def _of_desk(self, name: str, since: int) -> list[Event]:
        return self._events(self._contracts.desk, name, since=since)


def _leaf(event: Event) -> Leaf:
    registrant, content, licence = event.arguments["leaf"]
    return Leaf(registrant, bytes(content), licence.to_bytes(LICENCE_BYTES))


def _questioned(event: Event) -> ConsentQuestioned:
    a = event.arguments
    ids = (a["consentId"], a["modelId"], a["asker"])
    return ConsentQuestioned(*ids, _leaf(event), a["bond"], a["answerUntil"], event.block)


def _answered(event: Event) -> ConsentAnswered:
    a = event.arguments
    return ConsentAnswered(a["consentId"], a["modelId"], a["version"] or None, event.block)


def _missing(event: Event) -> ConsentMissing:
    a = event.arguments
    return ConsentMissing(a["consentId"], a["modelId"], a["finder"], _leaf(event), event.block)
