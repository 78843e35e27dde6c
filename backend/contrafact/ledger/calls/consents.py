"""Calls to the dispute desk about consents to training."""

from __future__ import annotations

from collections.abc import Sequence

from web3.contract import Contract

from contrafact.domain.consent_proofs import Consent, NoConsent
from contrafact.domain.history import Committed, Funded
from contrafact.domain.manifests import Leaf
from contrafact.domain.models import Model
from contrafact.domain.terms import Use
from contrafact.ledger.calls.call import Call


class ConsentCalls:
    def __init__(self, desk: Contract) -> None:
        self._functions = desk.functions

    def prove(self, model: Model, leaf: Leaf, proof: Sequence[bytes], evidence: NoConsent) -> Call:
        """Proves that a leaf of the model's manifest is no consent."""
        return Call(self._functions.proveNoConsent(model.model_id, leaf.to_abi(), list(proof), evidence.to_abi()))

    def question(self, model: Model, leaf: Leaf, proof: Sequence[bytes], bond: int) -> Call:
        """Asks for the consent, with exactly the desk's bond in wei."""
        return Call(self._functions.questionConsent(model.model_id, leaf.to_abi(), list(proof)), amount=bond)

    def answer(self, model: Model, leaf: Leaf, consent: Consent) -> Call:
        """Shows the consent that was asked for."""
        return Call(self._functions.answerConsent(model.model_id, leaf.to_abi(), consent.to_abi()))

    def finish(self, model: Model, leaf: Leaf) -> Call:
        """Ends a question that nobody answered in time."""
        return Call(self._functions.finishQuestion(model.model_id, leaf.to_abi()))

    def stop(self, model: Model, leaf: Leaf, token: str) -> Call:
        """Lets the model take no new orders in the token."""
        return Call(self._functions.stopModel(model.model_id, leaf.to_abi(), model.pool_split_root, token))

    def fine_registrant(self, model: Model, leaf: Leaf, token: str) -> Call:
        """Takes the fine from the bond of who registered the model, and stops it in the token."""
        return Call(self._functions.fineRegistrant(model.model_id, leaf.to_abi(), model.pool_split_root, token))

    def fine_operator(self, leaf: Leaf, funded: Funded, committed: Committed, use: Use) -> Call:
        """Takes the fine from the bond of a committed order's operator; `use` is what the order is paid for now."""
        order = (funded.quote.to_abi(), funded.maker_salt, committed.commit.to_abi(), int(use))
        return Call(self._functions.fineOperator(leaf.to_abi(), *order))
