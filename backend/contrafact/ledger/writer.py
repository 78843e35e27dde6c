"""Transactions of one account on one deployment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_account.signers.local import LocalAccount
from web3.contract import Contract
from web3.contract.contract import ContractFunction
from web3.logs import DISCARD
from web3.types import TxReceipt

from contrafact.domain.history import Claim
from contrafact.domain.models import ModelMetadata
from contrafact.domain.orders import Commit, Quote
from contrafact.domain.terms import NATIVE, Terms
from contrafact.domain.works import WorkMetadata
from contrafact.errors import ContractError, Payment
from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts, claim_to_abi
from contrafact.ledger.deployment import Deployment


class Writer:
    """Implements the port LedgerWriter, and registration, terms and claims.

    Each method waits for its block and returns the transaction's hash as `0x…`. Raises ContractError for a
    revert (also of the fitting kind: NotPermitted, Payment, InvalidInput, NotFound), Payment when the
    account's money does not suffice, ChainError otherwise.
    """

    def __init__(self, connection: Connection, deployment: Deployment, account: LocalAccount) -> None:
        self.connection = connection
        self._account = account
        self._contracts = Contracts(connection, deployment)

    def __repr__(self) -> str:
        return f"Writer({self.address} on chain {self.connection.chain_id})"

    @property
    def address(self) -> str:
        return str(self._account.address)

    # Works and models

    def register_work(self, metadata: WorkMetadata) -> tuple[bytes, str]:
        """Registers the work with this account as its licensor. Returns (work id, transaction)."""
        digests = (metadata.content, metadata.source_form, metadata.digest(), metadata.split.root)
        receipt = self._send(self._contracts.works.functions.register(*digests))
        work_id = _argument(self._contracts.works, "WorkRegistered", "workId", receipt)
        return bytes(work_id), _hash(receipt)

    def change_split(self, work_id: bytes, metadata: WorkMetadata) -> str:
        """Puts the rights split of `metadata` in force; it counts from the next order on."""
        change = self._contracts.works.functions.changeSplit
        return _hash(self._send(change(work_id, metadata.split.root, metadata.digest())))

    def transfer_licensor(self, work_id: bytes, to: str) -> str:
        """Offers the work to another licensor, who must accept it."""
        return _hash(self._send(self._contracts.works.functions.transferLicensor(work_id, to)))

    def accept_licensor(self, work_id: bytes) -> str:
        """Takes over a work that was offered to this account."""
        return _hash(self._send(self._contracts.works.functions.acceptLicensor(work_id)))

    def set_terms(self, work_id: bytes, terms: Terms) -> tuple[int, str]:
        """Sets a new version of the work's terms. Returns (version, transaction)."""
        receipt = self._send(self._contracts.licensing.functions.setTerms(work_id, terms.to_abi()))
        version = _argument(self._contracts.licensing, "TermsSet", "version", receipt)
        return int(version), _hash(receipt)

    def register_model(self, metadata: ModelMetadata, base_rate: int, token: str = NATIVE) -> tuple[bytes, str]:
        """Registers a model; `base_rate` in `token` units per started 30 seconds. Returns (model id, transaction)."""
        digests = (metadata.weights, metadata.manifest, metadata.pool_split.root)
        register = self._contracts.models.functions.register
        receipt = self._send(register(*digests, base_rate, token, metadata.digest()))
        model_id = _argument(self._contracts.models, "ModelRegistered", "modelId", receipt)
        return bytes(model_id), _hash(receipt)

    # Orders

    def fund(self, quote: Quote, signature: bytes, maker_salt: bytes, terms: Sequence[Terms]) -> str:
        """Pays an order in; approves exactly its escrow first where it is paid in a token that needs it."""
        given = (quote.to_abi(), signature, maker_salt, [version.to_abi() for version in terms])
        fund = self._contracts.escrow.functions.fund(*given)
        if quote.token == NATIVE:
            return _hash(self._send(fund, quote.escrow))
        with self.connection.exclusive(self.address):  # no other order may use this one's approval
            self._approve(quote.token, quote.escrow, fund)
            return _hash(self._send(fund))

    def commit(self, quote: Quote, maker_salt: bytes, commit: Commit, signature: bytes) -> str:
        """Settles an order; anybody may send what its operator signed."""
        given = (quote.to_abi(), maker_salt, commit.to_abi(), signature)
        return _hash(self._send(self._contracts.escrow.functions.commit(*given)))

    def refund(self, quote: Quote, maker_salt: bytes) -> str:
        """Gives an order's escrow back to its maker after the deadline."""
        return _hash(self._send(self._contracts.escrow.functions.refund(quote.to_abi(), maker_salt)))

    # Royalties

    def claim(self, claim: Claim) -> str:
        """Sends a holder what is claimable; anybody may do so."""
        return _hash(self._send(self._contracts.escrow.functions.claim(claim_to_abi(claim))))

    def payout(self, claims: Sequence[Claim]) -> str:
        """Sends up to 100 holders what is claimable, leaving out what is nothing, below a threshold, or fails."""
        return _hash(self._send(self._contracts.escrow.functions.payout([claim_to_abi(claim) for claim in claims])))

    def set_threshold(self, token: str, amount: int) -> str:
        """Sets the amount below which automatic payouts leave this account's money where it is."""
        return _hash(self._send(self._contracts.escrow.functions.setThreshold(token, amount)))

    def withdraw_owed(self, token: str, to: str | None = None) -> str:
        """Sends what waits outside of the royalty accounts for `to`, by default this account."""
        return _hash(self._send(self._contracts.escrow.functions.withdrawOwed(token, to or self.address)))

    def mint_dollars(self, to: str, amount: int) -> str:
        """Mints worthless test dollars, in millionths. Raises NotFound where the deployment has none."""
        return _hash(self._send(self._contracts.test_dollar.functions.mint(to, amount)))

    def _approve(self, token: str, amount: int, fund: ContractFunction) -> None:
        erc20, escrow = self._contracts.token(token).functions, self._contracts.escrow.address
        held = self.connection.call(erc20.balanceOf(self.address))
        if held < amount:
            text = f"The order costs {amount} units of {token}; {self.address} holds {held}."
            raise Payment(text, "Put more of the token into the account.")
        allowed = self.connection.call(erc20.allowance(self.address, escrow))
        if allowed >= amount:
            return
        self._require_only_money_missing(fund)
        if allowed:  # some tokens change an allowance only from zero
            self._send(erc20.approve(escrow, 0))
        self._send(erc20.approve(escrow, amount))

    def _require_only_money_missing(self, fund: ContractFunction) -> None:
        """Tries the funding out: where the contracts refuse the order itself, no approval is paid for."""
        try:
            self.connection.call(fund, sender=self.address)
        except ContractError as error:
            if "_" in error.name:  # ours are called Contract_Error; the token's own error is the missing approval
                raise

    def _send(self, function: ContractFunction, value: int = 0) -> TxReceipt:
        return self.connection.send(function, self._account, value)


def _hash(receipt: TxReceipt) -> str:
    return f"0x{receipt['transactionHash'].hex()}"


def _argument(contract: Contract, event: str, argument: str, receipt: TxReceipt) -> Any:
    (log,) = contract.get_event_by_name(event)().process_receipt(receipt, errors=DISCARD)
    return log["args"][argument]
