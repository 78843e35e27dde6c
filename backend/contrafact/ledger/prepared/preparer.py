"""Prepares calls and messages of one deployment for wallets.

preparer.steps(preparer.calls.royalties.claim(claim), holder)   # approvals first, where a token needs them
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from eth_abi.abi import decode
from eth_utils.abi import collapse_if_tuple
from hexbytes import HexBytes

from contrafact.domain.typed_data import TypedData
from contrafact.domain.wallet_json import wallet_json
from contrafact.errors import ContractError, Payment
from contrafact.ledger.calls import Call, Calls
from contrafact.ledger.clear_signing.schema import Parameter
from contrafact.ledger.clear_signing.shown import Names, Shown, Tree, show, tree
from contrafact.ledger.clear_signing.table import sheets
from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.prepared.form import Outcome, Prepared, Simulation, Steps, ToSign
from contrafact.ledger.purse import Purse

ANY_TOKEN = "TestDollar"
"""Functions of any ERC-20 token are shown as the test dollar's."""


class Preparer:
    """Nothing here has a key. Raises ChainError where the chain cannot be asked."""

    def __init__(self, connection: Connection, deployment: Deployment, names: Names) -> None:
        self.connection, self.deployment, self.names = connection, deployment, names
        self.calls = Calls(Contracts(connection, deployment))
        self._purse = Purse(connection, self.calls)
        self._called = {address: name for name, address in deployment.contracts.items()}

    def steps(self, call: Call, sender: str) -> Steps:
        """The transaction of `call` from `sender`, and before it the approvals of exactly what it takes.

        A refusal is no error here: the simulation tells it, before anybody pays gas.
        """
        try:
            approvals = self._purse.approvals(call, sender)
        except Payment as error:
            return Steps((self._prepared(call, sender, Simulation(Outcome.REFUSED, error)),))
        if not approvals:
            return Steps((self._prepared(call, sender, self._simulated(call, sender)),))
        last = self._prepared(call, sender, self._before_approval(call, sender))
        return Steps((*self._in_turn(approvals, sender), last))

    def in_turn(self, calls: Sequence[Call], sender: str) -> Steps:
        """Transactions that take no tokens, of which each needs the ones before it."""
        return Steps(self._in_turn(calls, sender))

    def approvals(self, call: Call, sender: str) -> tuple[Prepared, ...]:
        """Only what must be approved before `call`. Raises Payment, and ContractError where `call` would be refused."""
        missing = self._purse.approvals(call, sender)
        self._purse.require_only_money_missing(call, sender)
        return self._in_turn(missing, sender)

    def _in_turn(self, calls: Sequence[Call], sender: str) -> tuple[Prepared, ...]:
        """Transactions of which each waits for the one before."""
        simulations = (Simulation(Outcome.WAITS) if i else self._simulated(one, sender) for i, one in enumerate(calls))
        return tuple(self._prepared(one, sender, seen) for one, seen in zip(calls, simulations, strict=True))

    def to_sign(self, name: str, message: TypedData, signer: str, section: str = "messages") -> ToSign:
        """A message for `signer`; `section` of the table says how it is shown."""
        document = wallet_json(message)
        sheet, fields = sheets()[section][document["primaryType"]], cast(Tree, message.document["message"])
        at = {"@": {"to": document["domain"]["verifyingContract"]}}
        return ToSign(name, signer, document, show(sheet, {**fields, **at}, self.names))

    def _before_approval(self, call: Call, sender: str) -> Simulation:
        try:
            self._purse.require_only_money_missing(call, sender)
        except ContractError as error:
            return Simulation(Outcome.REFUSED, error)
        return Simulation(Outcome.WAITS)

    def _simulated(self, call: Call, sender: str) -> Simulation:
        try:
            self.connection.call(call.function, sender=sender, value=call.value)
        except (ContractError, Payment) as error:
            return Simulation(Outcome.REFUSED, error)
        return Simulation(Outcome.OK)

    def _prepared(self, call: Call, sender: str, simulation: Simulation) -> Prepared:
        contract, data = self._contract(call), bytes(HexBytes(call.function._encode_transaction_data()))
        return Prepared(
            chain_id=self.connection.chain_id,
            sender=sender,
            to=call.target,
            value=call.value,
            data=data,
            gas=self._gas(call, sender) if simulation.outcome is Outcome.OK else None,
            contract=contract,
            function=call.function.fn_name,
            shown=self._shown(call, contract, data),
            simulation=simulation,
        )

    def _contract(self, call: Call) -> str:
        """The name of the deployment's contract, or what tokens are shown as."""
        return self._called.get(call.target, ANY_TOKEN)

    def _gas(self, call: Call, sender: str) -> int | None:
        try:
            estimate = self.connection.gas(call.function, sender, call.value)
        except (ContractError, Payment):  # it was fine a moment ago
            return None
        return estimate

    def _shown(self, call: Call, contract: str, data: bytes) -> Shown:
        """What the bytes that will be signed say, not what they were made of."""
        inputs: Sequence[Parameter] = call.function.abi["inputs"]
        values = decode([collapse_if_tuple(cast(Any, one)) for one in inputs], data[4:])
        at = {"@": {"value": call.value, "to": call.target}}
        return show(sheets()[contract][call.function.fn_name], {**tree(inputs, values), **at}, self.names)
