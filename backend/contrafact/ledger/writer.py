"""Transactions of one account on one deployment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from web3.logs import DISCARD
from web3.types import TxReceipt

from contrafact.domain.collections import Collection
from contrafact.domain.grants import Grant
from contrafact.domain.history import Claim, Funded
from contrafact.domain.manifests import Leaf
from contrafact.domain.models import Model, ModelMetadata
from contrafact.domain.orders import Commit, Quote
from contrafact.domain.terms import Terms
from contrafact.domain.works import WorkMetadata
from contrafact.ledger.calls import Call
from contrafact.ledger.calls.orders import Offer
from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.purse import Purse
from contrafact.ledger.sender import Sender, transaction_of
from contrafact.ledger.signer import Signer


class Writer(Sender):
    """Implements the port LedgerWriter, and registration, terms and claims.

    Each method waits for its block and returns the transaction's hash as `0x…`. Raises ContractError for a
    revert (also of the fitting kind: NotPermitted, Payment, InvalidInput, NotFound), Payment when the
    account's money does not suffice, ChainError otherwise.
    """

    def __init__(self, connection: Connection, deployment: Deployment, account: Signer) -> None:
        super().__init__(connection, deployment, account)
        self._purse = Purse(connection, self._calls)

    # Works and models

    def register_work(self, metadata: WorkMetadata) -> tuple[bytes, str]:
        """Registers the work with this account as its licensor. Returns (work id, transaction)."""
        receipt = self._receipt(self._calls.works.register(metadata))
        return bytes(self._argument("WorkRegistered", "workId", receipt)), transaction_of(receipt)

    def set_terms(self, work_id: bytes, split_root: bytes, terms: Terms) -> tuple[int, str]:
        """Sets a new version of the work's terms, which restates its rights split. Returns (version, transaction)."""
        receipt = self._receipt(self._calls.works.set_terms(work_id, split_root, terms))
        return int(self._argument("TermsSet", "version", receipt)), transaction_of(receipt)

    def change_split(self, work_id: bytes, metadata: WorkMetadata, terms: Terms) -> tuple[int, str]:
        """Puts the rights split of `metadata` in force, from the next order on, with terms; as `set_terms`."""
        receipt = self._receipt(self._calls.works.change_split(work_id, metadata, terms))
        return int(self._argument("TermsSet", "version", receipt)), transaction_of(receipt)

    def transfer_licensor(self, work_id: bytes, to: str) -> str:
        """Offers the work to another licensor, who must accept it."""
        return self._send(self._calls.works.transfer_licensor(work_id, to))

    def accept_licensor(self, work_id: bytes) -> str:
        """Takes over a work that was offered to this account."""
        return self._send(self._calls.works.accept_licensor(work_id))

    def register_model(self, metadata: ModelMetadata, rates: Mapping[str, int], sunset: int = 0) -> tuple[bytes, str]:
        """Registers a model, whose pool the TrainingPool contract shares out. Returns (model id, transaction).

        `rates` are its price of base per started 30 seconds by token, in the token's units. From the second `sunset` on
        it takes no new orders, if that is not 0.
        """
        receipt = self._receipt(self._calls.models.register(metadata, rates, sunset))
        return bytes(self._argument("ModelRegistered", "modelId", receipt)), transaction_of(receipt)

    def enforce_sunset(
        self,
        model: Model,
        token: str,
        leaf: Leaf,
        version: int,
        split_root: bytes,
        terms: Terms,
        proof: Sequence[bytes],
    ) -> str:
        """Ends a model's new orders at the second that the terms named under which it learnt from the leaf's work.

        Anybody may send it; `version` of the work must be on the chain, with that split and those terms.
        """
        work = (leaf, version, split_root, terms, proof)
        return self._send(self._calls.models.enforce_sunset(model, token, *work))

    # Collections

    def anchor_collection(self, collection: Collection) -> str:
        """Anchors a collection with this account as the licensor of its works."""
        return self._send(self._calls.works.anchor(collection))

    def withdraw_collection(self, root: bytes) -> str:
        """Lets no further work of this account's collection be brought onto the chain, and no model learn from one."""
        return self._send(self._calls.works.withdraw(root))

    def materialise(self, licensor: str, collection: Collection, content: bytes) -> tuple[bytes, str]:
        """Registers one work of a licensor's anchored collection, for the licensor. Returns (work id, transaction)."""
        receipt = self._receipt(self._calls.works.materialise(licensor, collection, content))
        return bytes(self._argument("WorkMaterialised", "workId", receipt)), transaction_of(receipt)

    # Orders

    def fund(
        self, quote: Quote, signature: bytes, maker_salt: bytes, terms: Sequence[Terms], grants: Sequence[Grant] = ()
    ) -> str:
        """Pays an order in; approves exactly its escrow first where it is paid in a token that needs it.

        `terms` are the pinned ones, one for each source; `grants` one for each whose terms ask for any.
        """
        return self._pay_in(self._calls.orders.fund(Offer(quote, signature, maker_salt, terms, grants)))

    def commit(self, quote: Quote, maker_salt: bytes, commit: Commit, signature: bytes) -> str:
        """Settles an order; anybody may send what its operator signed."""
        return self._send(self._calls.orders.commit(quote, maker_salt, commit, signature))

    def refund(self, order: Funded) -> str:
        """Gives an order's escrow back to its maker after the deadline, with a penalty from the operator's bond."""
        return self._send(self._calls.orders.refund(order))

    # Operators

    def register_operator(self, signer: str | None = None) -> str:
        """Names the key that signs quotes and commits for this account, beside its own; None: no other any more."""
        return self._send(self._calls.bonds.register_operator(signer))

    def deposit_bond(self, token: str, amount: int, operator: str | None = None) -> str:
        """Adds to the bond of an operator, by default this account."""
        return self._pay_in(self._calls.bonds.deposit(operator or self.address, token, amount))

    def request_withdrawal(self, token: str, amount: int) -> str:
        """Starts to withdraw a part of this account's bond."""
        return self._send(self._calls.bonds.request_withdrawal(token, amount))

    def withdraw_bond(self, token: str) -> str:
        """Sends this account what it has asked for long enough ago."""
        return self._send(self._calls.bonds.withdraw(token))

    # Royalties

    def claim(self, claim: Claim) -> str:
        """Sends a holder what is claimable; anybody may do so once the place is confirmed, the holder any time."""
        return self._send(self._calls.royalties.claim(claim))

    def confirm(self, claims: Sequence[Claim], signatures: Sequence[bytes]) -> str:
        """Confirms holders' places by their signatures; an empty one where this account is the holder itself."""
        return self._send(self._calls.royalties.confirm(claims, signatures))

    def payout(self, claims: Sequence[Claim]) -> str:
        """Sends up to 100 holders what is claimable.

        Leaves out who has not confirmed its place, what is nothing or below a threshold, and transfers that fail.
        """
        return self._send(self._calls.royalties.payout(claims))

    def set_threshold(self, token: str, amount: int) -> str:
        """Sets the amount below which automatic payouts leave this account's money where it is."""
        return self._send(self._calls.royalties.set_threshold(token, amount))

    def withdraw_owed(self, token: str, to: str | None = None) -> str:
        """Sends what waits outside of the royalty accounts for `to`, by default this account."""
        return self._send(self._calls.royalties.withdraw_owed(token, to or self.address))

    def mint_dollars(self, to: str, amount: int) -> str:
        """Mints worthless test dollars, in millionths. Raises NotFound where the deployment has none."""
        return self._send(self._calls.tokens.mint_dollars(to, amount))

    def _pay_in(self, call: Call) -> str:
        """Sends a call that is paid for, having approved exactly that where the token needs it."""
        if not call.to_approve:
            return self._send(call)
        with self.connection.exclusive(self.address):  # no other payment may use this one's approval
            if approvals := self._purse.approvals(call, self.address):
                self._purse.require_only_money_missing(call, self.address)
                for approval in approvals:
                    self._send(approval)
            return self._send(call)

    def _argument(self, event: str, argument: str, receipt: TxReceipt) -> Any:
        """What the catalogue's event in `receipt` says."""
        (log,) = self._contracts.catalogue.get_event_by_name(event)().process_receipt(receipt, errors=DISCARD)
        return log["args"][argument]
