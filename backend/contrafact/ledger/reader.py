"""Reads of one deployment: what happened (events, see `HistoryReader`) and how things stand (views)."""

from __future__ import annotations

from typing import Any

from web3.contract.contract import ContractFunction

from contrafact.domain.history import Claim
from contrafact.domain.money import Currency
from contrafact.domain.orders import Eip712Domain, Quote
from contrafact.domain.terms import NATIVE
from contrafact.errors import ContractError
from contrafact.ledger.contract_wallets import says_yes
from contrafact.ledger.failures import NoSuchContract
from contrafact.ledger.history_reader import HistoryReader
from contrafact.ports import Bond, OrderStatus, Place, PlaceStatus

MAX_SYMBOL = 16  # characters of a token's symbol that are passed on


class Reader(HistoryReader):
    """Implements the port LedgerReader. All lists are in the chain's order.

    With `block`, everything is read as it was at the end of that block, so that several reads agree;
    without, each is read at the newest block.
    """

    def at(self, block: int) -> Reader:
        """This ledger as it was at the end of `block`."""
        return Reader(self.connection, self.deployment, block=block, log_range=self._log_range)

    @property
    def domain(self) -> Eip712Domain:
        return self.deployment.domain

    @property
    def catalogue(self) -> str:
        return self.deployment.contracts["Catalogue"]

    def order_status(self, order_id: bytes) -> OrderStatus:
        number: int = self._call(self._contracts.escrow.functions.statusOf(order_id))
        return list(OrderStatus)[number]

    def order_id_of(self, quote: Quote) -> bytes:
        """The contract's own computation of the order id."""
        return bytes(self._call(self._contracts.escrow.functions.orderIdOf(quote.to_abi())))

    def escrow_of(self, quote: Quote) -> int:
        """The contract's own computation of the escrow."""
        return int(self._call(self._contracts.escrow.functions.escrowOf(quote.to_abi())))

    def order_state(self, order_id: bytes) -> bytes:
        """The one word that the escrow stores for an order."""
        return bytes(self._call(self._contracts.escrow.functions.orderState(order_id)))

    def licensor_of(self, work_id: bytes) -> str:
        """Raises NotFound for an unknown work."""
        return str(self._call(self._contracts.catalogue.functions.licensorOf(work_id)))

    def is_contested(self, work_id: bytes) -> bool:
        """Whether a contest of the work is open. Raises NotFound for an unknown work."""
        return bool(self._call(self._contracts.catalogue.functions.isContested(work_id)))

    def is_barred(self, work_id: bytes) -> bool:
        """Whether a ruling found that the work is not its registrant's. Raises NotFound for an unknown work."""
        return bool(self._call(self._contracts.catalogue.functions.isBarred(work_id)))

    def composition_of(self, work_id: bytes) -> bytes | None:
        """The composition that the work is a recording of."""
        found = bytes(self._call(self._contracts.catalogue.functions.compositionOf(work_id)))
        return found if any(found) else None

    def base_rate_of(self, model_id: bytes, pool_root: bytes, token: str) -> tuple[int, int] | None:
        """What a model costs with this pool in this token, and its sunset; None where it takes no such orders."""
        offer = self._contracts.catalogue.functions.baseRateOf(model_id, pool_root, token)
        offered, rate, sunset = self._call(offer)
        return (int(rate), int(sunset)) if offered else None

    def work_id_of(self, registrant: str, content: bytes) -> bytes:
        """The id that the work has, or will have."""
        return bytes(self._call(self._contracts.catalogue.functions.workIdOf(registrant, content)))

    def model_id_of(self, registrant: str, weights: bytes) -> bytes:
        """The id that the model has, or will have."""
        return bytes(self._call(self._contracts.catalogue.functions.modelIdOf(registrant, weights)))

    def current_version(self, work_id: bytes) -> int:
        """The version in force, 1 for a work as it was registered. Raises NotFound for an unknown work."""
        return int(self._call(self._contracts.catalogue.functions.currentVersion(work_id)))

    def licence_of(self, work_id: bytes, version: int) -> int:
        """The word that the chain stores for a version, 0 if there is none."""
        return int(self._call(self._contracts.catalogue.functions.licenceOf(work_id, version)))

    def received(self, account: bytes) -> int:
        """All that a royalty account has ever received."""
        return int(self._call(self._contracts.escrow.functions.received(account)))

    def anchored_since(self, licensor: str, root: bytes) -> int:
        """The second since which a collection is anchored; 0 where it is not, or not any more."""
        return int(self._call(self._contracts.catalogue.functions.anchoredSince(licensor, root)))

    def place(self, account: bytes, index: int) -> Place:
        """What is known of the holder at `index`, and what it has drawn."""
        drawn, status = self._call(self._contracts.escrow.functions.placeOf(account, index))
        return Place(int(drawn), list(PlaceStatus)[status])

    def payee_of(self, account: bytes, index: int) -> str:
        """The address that a readdressed place is paid to, zero for any other."""
        return str(self._call(self._contracts.escrow.functions.payeeOf(account, index)))

    def claimable(self, claim: Claim) -> int:
        """What the claim would pay now. Raises InvalidInput when its proof is wrong."""
        return int(self._call(self._contracts.escrow.functions.claimable(claim.to_abi())))

    def bond(self, operator: str, token: str) -> Bond:
        """An operator's bond in a token."""
        return Bond(*map(int, self._call(self._contracts.escrow.functions.bondOf(operator, token))))

    def signer_of(self, operator: str) -> str | None:
        """The key that an operator has named to sign for it, beside its own."""
        named = str(self._call(self._contracts.escrow.functions.signerOf(operator)))
        return None if named == NATIVE else named

    def challenger_of(self, order_id: bytes) -> tuple[str, int] | None:
        """Who opened the challenge of an order that is open, and the last second for a ruling."""
        challenger, until, *_ = self._call(self._contracts.desk.functions.challengeOf(order_id))
        return None if challenger == NATIVE else (str(challenger), int(until))

    def withdrawal(self, operator: str, token: str) -> tuple[int, int]:
        """What of a bond is being withdrawn, and the second from which it can be had."""
        amount, ready = self._call(self._contracts.escrow.functions.withdrawalOf(operator, token))
        return int(amount), int(ready)

    def authority_of(self, name: str) -> str:
        """The authority that the contract `name` obeys."""
        return str(self._call(self._contracts.named(name).functions.authority()))

    def owed(self, to: str, token: str) -> int:
        """What waits for `to` outside of the royalty accounts, because a transfer to it failed."""
        return int(self._call(self._contracts.escrow.functions.owed(to, token)))

    def bonds_owed(self, to: str, token: str) -> int:
        """What waits for `to` at the dispute desk: bonds that could not be sent when they were paid back."""
        return int(self._call(self._contracts.desk.functions.owed(to, token)))

    def threshold(self, holder: str, token: str) -> int:
        """The amount below which automatic payouts leave the holder's money where it is."""
        return int(self._call(self._contracts.escrow.functions.threshold(holder, token)))

    def balance(self, holder: str, token: str = NATIVE) -> int:
        """What an address holds of a token, or of the chain's coin."""
        if token == NATIVE:
            return self.connection.balance(holder, self._at)
        return int(self._call(self._contracts.token(token).functions.balanceOf(holder)))

    def token_name(self, token: str) -> tuple[str, int]:
        """What a token says of itself: its symbol and its number of decimals, to be shown and not relied on.

        One that says nothing is called by its address, with no decimals.
        """
        functions = self._contracts.token(token).functions
        try:
            symbol, decimals = self._call(functions.symbol()), self._call(functions.decimals())
        except (ContractError, NoSuchContract, UnicodeDecodeError):
            return token, 0
        return "".join(filter(str.isprintable, symbol))[:MAX_SYMBOL] or token, int(decimals)

    def currency(self, token: str) -> Currency:
        """How amounts of a token are written."""
        return Currency("ETH", 18) if token == NATIVE else Currency(*self.token_name(token))

    def accepts(self, wallet: str, digest: bytes, signature: bytes) -> bool:
        """Whether `wallet` is a contract that says yes to a signature (ERC-1271)."""
        return says_yes(self.connection, wallet, digest, signature, self._at)

    def timestamp(self) -> int:
        """The block's time, in seconds since the epoch."""
        return self.connection.timestamp(self._at)

    def code(self, address: str) -> bytes:
        """The code at `address`; empty where there is no contract."""
        return self.connection.code(address, self._at)

    @property
    def _at(self) -> Any:
        return "latest" if self.block is None else self.block

    def _call(self, function: ContractFunction) -> Any:
        return self.connection.call(function, self._at)
