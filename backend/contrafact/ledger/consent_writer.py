"""Transactions of one account about consents to training, at the dispute desk."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.domain.consent_proofs import Consent, NoConsent
from contrafact.domain.history import Committed, Funded
from contrafact.domain.manifests import Leaf
from contrafact.domain.models import Model
from contrafact.domain.terms import Use
from contrafact.ledger.sender import Sender


class ConsentWriter(Sender):
    """Each method waits for its block and returns the transaction's hash as `0x…`. Anybody may send each of them.

    Raises ContractError for a revert (also of the fitting kind: NotPermitted, Payment, InvalidInput, NotFound), Payment
    when the account's coin does not suffice, ChainError otherwise.
    """

    def prove(self, model: Model, leaf: Leaf, proof: Sequence[bytes], evidence: NoConsent) -> str:
        """Proves that a leaf of the model's manifest is no consent."""
        return self._send(self._calls.consents.prove(model, leaf, proof, evidence))

    def question(self, model: Model, leaf: Leaf, proof: Sequence[bytes], bond: int) -> str:
        """Asks for the consent, with exactly the desk's bond in wei."""
        return self._send(self._calls.consents.question(model, leaf, proof, bond))

    def answer(self, model: Model, leaf: Leaf, consent: Consent) -> str:
        """Shows the consent that was asked for."""
        return self._send(self._calls.consents.answer(model, leaf, consent))

    def finish(self, model: Model, leaf: Leaf) -> str:
        """Ends a question that nobody answered in time: the leaf is without consent."""
        return self._send(self._calls.consents.finish(model, leaf))

    def stop(self, model: Model, leaf: Leaf, token: str) -> str:
        """Lets the model take no new orders in the token."""
        return self._send(self._calls.consents.stop(model, leaf, token))

    def fine_registrant(self, model: Model, leaf: Leaf, token: str) -> str:
        """Takes the fine from the bond of who registered the model, and stops it in the token."""
        return self._send(self._calls.consents.fine_registrant(model, leaf, token))

    def fine_operator(self, leaf: Leaf, funded: Funded, committed: Committed, use: Use) -> str:
        """Takes the fine from the bond of a committed order's operator; `use` is what the order is paid for now."""
        return self._send(self._calls.consents.fine_operator(leaf, funded, committed, use))
