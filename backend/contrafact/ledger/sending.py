"""Sending: a transaction is signed, sent, watched, replaced where it is stuck, and sent again where it was dropped."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from hexbytes import HexBytes
from web3 import Web3
from web3.exceptions import Web3RPCError
from web3.types import Nonce, TxParams, TxReceipt

from contrafact.errors import ChainError, ContrafactError
from contrafact.ledger.failover import EndpointsFailed
from contrafact.ledger.failures import chain_failures, from_endpoints
from contrafact.ledger.fees import Fees, in_gwei, suggest
from contrafact.ledger.journal import Journal, Pending
from contrafact.ledger.networks import Network
from contrafact.ledger.nonces import Nonces
from contrafact.ledger.policy import Policy
from contrafact.ledger.receipts import Receipts
from contrafact.ledger.signer import Signer

ATTEMPTS = 20  # where another process takes the nonce meanwhile
LOST_POLLS = 10  # a node may know that a nonce was used before it has the receipt
LATER = "Run this again later: what is under way is looked up first."
# As geth, nethermind, besu, erigon, reth and anvil say it.
_ALREADY = re.compile(r"already ?(known|imported)|known transaction", re.I)
_NONCE_TAKEN = re.compile(
    r"nonce.{0,10}too low|invalid nonce|old ?nonce|nonce.{0,20}below|could not replace|"
    r"replacement.{0,30}(underpriced|too low|not ?allowed)",
    re.I,
)


class TookItsPlace(ChainError):
    """Another transaction of the account was mined in this one's place."""

    def __init__(self, pending: Pending) -> None:
        text = f"Another transaction of {pending.sender} took the place of {pending.name} (nonce {pending.nonce})."
        super().__init__(text, "Look at what the account has sent, then run this again.")


class _NonceTaken(Exception):
    """Another transaction of the account has the nonce already."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look at the chain showed of a transaction."""

    receipt: TxReceipt | None = None
    is_final: bool = False
    """Whether the receipt is there to stay."""
    before: int = 0
    """How many nonces must be used before it; negative where another transaction has used its own."""
    is_known: bool = True

    @property
    def waits(self) -> bool:
        return self.receipt is None and self.before >= 0

    @property
    def is_gone(self) -> bool:
        """The node has lost it, as after a reorganisation."""
        return self.waits and not self.is_known


class Outbox:
    """The transactions that this process sends on one chain. `place` names the node in errors."""

    def __init__(self, web3: Web3, network: Network, policy: Policy, journal: Journal, place: str) -> None:
        self._web3, self._network, self._policy, self._place = web3, network, policy, place
        self._journal = journal
        self._receipts = Receipts(web3, network.confirmations)
        self._nonces = Nonces(web3)
        self._poll = policy.poll(network)

    def fees(self) -> Fees:
        """What a transaction offers now. Raises ChainError where the chain wants more than the cap."""
        with chain_failures(self._place):
            return suggest(self._web3, self._network.fees, self._policy.max_fee)

    def start(self, signer: Signer, transaction: TxParams) -> Pending:
        """Signs and sends what has everything but a nonce; one at a time for an account.

        Raises ChainError, also where nobody can say whether it was sent; the journal then keeps it.
        """
        for _ in range(ATTEMPTS):
            with self._journal.turn(signer.address), suppress(_NonceTaken):
                return self._start_next(signer, transaction)
            time.sleep(random.uniform(0, self._poll))  # so that two do not meet again and again
        text = f"Another process keeps sending from {signer.address}."
        raise ChainError(text, "Let one process at a time send from an account.")

    def _start_next(self, signer: Signer, transaction: TxParams) -> Pending:
        with chain_failures(self._place):
            nonce = Nonce(self._nonces.following(signer.address))
        pending = Pending({**transaction, "nonce": nonce})
        self._send_first(signer, pending)
        self._nonces.sent(pending)
        return pending

    def finish(self, signer: Signer, pending: Pending) -> TxReceipt:
        """Waits until a version of the transaction has its confirmations; replaces it, or sends it again, meanwhile.

        Raises TookItsPlace, and ChainError after the policy's time; the journal then keeps it.
        """
        try:
            receipt = self._watch(signer, pending)
        except TookItsPlace:
            self._journal.forget(pending)
            raise
        finally:
            self._nonces.done(pending)
        self._journal.forget(pending)
        self._nonces.mined(pending, bytes(receipt["transactionHash"]))
        return receipt

    def under_way(self, address: str) -> Sequence[Pending]:
        """What the journal holds of an account: sent, and not known to have come to its end."""
        return list(self._journal.of(address))

    def recover(self, signer: Signer) -> int:
        """Brings to its end what is under way and watched by nobody. Returns how many transactions those were."""
        found = [left for left in self._journal.of(signer.address) if not self._nonces.is_watched(left)]
        for pending in found:
            self._nonces.sent(pending)
            with suppress(TookItsPlace):
                self.finish(signer, pending)
        return len(found)

    def _watch(self, signer: Signer, pending: Pending) -> TxReceipt:
        end, raise_at = time.monotonic() + self._policy.transaction_seconds, self._next_raise()
        lost, trouble = 0, ""
        while True:
            seen = self._look(pending)
            if seen.receipt is not None and seen.is_final:
                return seen.receipt
            lost = lost + 1 if seen.before < 0 else 0
            if lost >= LOST_POLLS:
                raise TookItsPlace(pending)
            if seen.is_gone:
                trouble = self._try_to_send(pending)
            elif seen.waits and time.monotonic() > raise_at:
                trouble, raise_at = self._replace(signer, pending, seen.before), self._next_raise()
            if time.monotonic() > end:
                raise self._gave_up(pending, seen.receipt, trouble)
            time.sleep(self._poll)

    def _look(self, pending: Pending) -> _Seen:
        try:
            with chain_failures(self._place):
                receipt = self._receipts.find(pending.hashes)
                if receipt is not None:
                    return _Seen(receipt, is_final=self._receipts.is_final(receipt))
                before = self._nonces.before(pending)
                known = before < 0 or any(self._receipts.is_known(digest) for digest in pending.hashes)
                return _Seen(before=before, is_known=known)
        except ChainError as error:
            text = f"{error.message} The transaction {pending.name} is under way."
            raise ChainError(text, f"{error.hint} {LATER}") from None

    def _next_raise(self) -> float:
        return time.monotonic() + self._policy.replace_seconds

    def _replace(self, signer: Signer, pending: Pending, before: int) -> str:
        """Sends a version with higher fees; any version may be mined. Returns what hinders."""
        if before > 0:
            return f"{before} earlier of {pending.sender} wait before it."
        try:
            fees = Fees.of(pending.transaction).raised(self.fees(), self._policy.max_fee)
            if fees is None:
                return f"Its fee cannot be raised within the cap of {in_gwei(self._policy.max_fee)}."
            self._sign(signer, pending, fees)
        except ChainError as error:  # fees above the cap, or a signer that does not sign
            return error.message
        return self._try_to_send(pending)

    def _try_to_send(self, pending: Pending) -> str:
        """Sends the newest version, perhaps again. Returns what hinders; what came of it, the next look says."""
        try:
            with chain_failures(self._place):
                self._broadcast(pending)
        except (_NonceTaken, ContrafactError) as error:
            return str(error)
        return ""

    def _send_first(self, signer: Signer, pending: Pending) -> None:
        self._sign(signer, pending, Fees.of(pending.transaction))
        with chain_failures(self._place):
            try:
                self._broadcast(pending)
            except (_NonceTaken, Web3RPCError):
                self._journal.forget(pending)
                raise
            except EndpointsFailed as error:
                if not self._was_sent(pending):
                    raise self._unsure(pending, from_endpoints(error, self._place)) from None

    def _sign(self, signer: Signer, pending: Pending, fees: Fees) -> None:
        """Adds a version; it is in the journal before anybody can see it."""
        transaction = cast(TxParams, {**pending.transaction, **fees.fields()})
        pending.versions.append(bytes(signer.sign_transaction(cast(dict[str, Any], transaction)).raw_transaction))
        pending.transaction = transaction
        self._journal.save(pending)

    def _broadcast(self, pending: Pending) -> None:
        """Sends the newest version. Raises _NonceTaken, and what web3 raises."""
        try:
            self._web3.eth.send_raw_transaction(HexBytes(pending.versions[-1]))
        except Web3RPCError as error:
            if _ALREADY.search(str(error)) or self._receipts.is_known(pending.hashes[0]):
                return
            if _NONCE_TAKEN.search(str(error)):
                raise _NonceTaken(str(error)) from None
            raise

    def _was_sent(self, pending: Pending) -> bool:
        """Whether the node has it although its answer was lost."""
        with suppress(EndpointsFailed):
            return self._receipts.is_known(pending.hashes[0])
        return False

    def _unsure(self, pending: Pending, error: ChainError) -> ChainError:
        text = f"{error.message} The transaction {pending.name} may or may not have been sent."
        return ChainError(text, f"Look it up before you repeat it. {error.hint}")

    def _gave_up(self, pending: Pending, receipt: TxReceipt | None, trouble: str) -> ChainError:
        name, wanted = pending.name, self._network.confirmations
        if receipt is not None:
            text = f"The transaction {name} is in block {receipt['blockNumber']}, without {wanted} confirmations yet."
            return ChainError(text, "Wait. Where blocks come only with transactions, set CONTRAFACT_CONFIRMATIONS=1.")
        text = f"The transaction {name} was sent to {self._place}, but no block holds it yet. {trouble}".strip()
        return ChainError(text, LATER)
