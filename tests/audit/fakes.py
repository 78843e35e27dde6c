"""Fakes of what an audit speaks to: a chain, a store, and the tools. Each behaves as the port says, in memory."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from eth_abi import encode
from eth_utils import keccak

from contrafact.audit import Decoded, DeployedContract, LicensorSince
from contrafact.audit.calls import CommitCall, Disputed, FundingCall, OperatorKey, SunsetSince, TokenMoves
from contrafact.audit.order_events import OrderEvent
from contrafact.audit.pinned import asks
from contrafact.audit.sendings import Sendings
from contrafact.domain import typed_data
from contrafact.domain.collections import Collection
from contrafact.domain.digests import cid, sha256
from contrafact.domain.generation import Draw, EventLedger, EventNote, Generation, GenerationRequest, MusicRequest
from contrafact.domain.grants import Grant
from contrafact.domain.history import (
    Anchored,
    BondMoved,
    Claim,
    Committed,
    Credited,
    DownstreamPaid,
    Fined,
    Funded,
    HeldMoved,
    Materialised,
    Paid,
    Raised,
    Refunded,
    RoyaltyAccount,
    Ruled,
    SplitVersion,
    TermsVersion,
)
from contrafact.domain.holds import AccountHeld
from contrafact.domain.licences import licence_word
from contrafact.domain.models import Model
from contrafact.domain.money import Currency
from contrafact.domain.orders import Commit, Eip712Domain, Quote, approval_message, commit_message, order_id
from contrafact.domain.pool_history import EpochState, PoolHistory
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.recoveries import GuardianSet, Readdressed, Started, Step
from contrafact.domain.settlement import downstream, raised, refund_penalty
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.domain.splits import Split, account_id
from contrafact.domain.terms import NATIVE, Terms, Use
from contrafact.domain.works import Work
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.ports import Bond, OrderStatus, Place, PlaceStatus, Rendered, ReplayResult, Verdict

V = TypeVar("V")
TOKEN = "0x" + "70" * 20
BLOCK_SECONDS = 60


@dataclass
class FakeLedger:
    """A chain that holds lists. Its actions write the event, the call and the storage that the contracts would write.

    `sign` gives an address's signature of a digest.
    """

    domain: Eip712Domain
    deployed: list[DeployedContract]
    sign: Callable[[str, bytes], bytes] = lambda signer, digest: b""
    block: int = 1
    work_list: list[Work] = field(default_factory=list)
    split_list: list[SplitVersion] = field(default_factory=list)
    licensor_list: list[LicensorSince] = field(default_factory=list)
    terms_list: list[TermsVersion] = field(default_factory=list)
    model_list: list[Model] = field(default_factory=list)
    collection_list: list[Anchored] = field(default_factory=list)
    materialised_list: list[Materialised] = field(default_factory=list)
    funded_list: list[Funded] = field(default_factory=list)
    committed_list: list[Committed] = field(default_factory=list)
    refunded_list: list[Refunded] = field(default_factory=list)
    raised_list: list[Raised] = field(default_factory=list)
    downstream_list: list[DownstreamPaid] = field(default_factory=list)
    ruled_list: list[Ruled] = field(default_factory=list)
    bond_list: list[BondMoved] = field(default_factory=list)
    account_map: dict[bytes, RoyaltyAccount] = field(default_factory=dict)
    credited_list: list[Credited] = field(default_factory=list)
    held_list: list[HeldMoved] = field(default_factory=list)
    hold_list: list[AccountHeld] = field(default_factory=list)
    recovery_list: list[Step] = field(default_factory=list)
    paid_list: list[Paid] = field(default_factory=list)
    key_list: list[OperatorKey] = field(default_factory=list)
    dispute_list: list[Disputed] = field(default_factory=list)
    sunset_list: list[SunsetSince] = field(default_factory=list)
    calls: dict[str, FundingCall | CommitCall] = field(default_factory=dict)
    wallets: dict[str, bool] = field(default_factory=dict)
    moves: dict[str, TokenMoves] = field(default_factory=dict)
    times: dict[int, int] = field(default_factory=dict)
    statuses: dict[bytes, OrderStatus] = field(default_factory=dict)
    states: dict[bytes, bytes] = field(default_factory=dict)
    licensor_now: dict[bytes, str] = field(default_factory=dict)
    split_now: dict[bytes, bytes] = field(default_factory=dict)
    compositions: dict[bytes, bytes] = field(default_factory=dict)
    disputes: dict[bytes, tuple[bool, bool]] = field(default_factory=lambda: defaultdict(lambda: (False, False)))
    offers: dict[tuple[bytes, bytes, str], tuple[int, int]] = field(default_factory=dict)
    versions: dict[bytes, int] = field(default_factory=dict)
    licences: dict[tuple[bytes, int], int] = field(default_factory=dict)
    totals_received: dict[bytes, int] = field(default_factory=lambda: defaultdict(int))
    draws: dict[tuple[bytes, int], int] = field(default_factory=lambda: defaultdict(int))
    place_status: dict[tuple[bytes, int], PlaceStatus] = field(default_factory=dict)
    holds_now: dict[bytes, AccountHeld] = field(default_factory=dict)
    successors: dict[tuple[bytes, int], str] = field(default_factory=dict)
    bonds_now: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    locked_now: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    leaving_now: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    debts: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    balances: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    # Actions

    def next_block(self, seconds: int = BLOCK_SECONDS) -> int:
        now = self.timestamp()
        self.block += 1
        self.times[self.block] = now + seconds
        return self.block

    def contract(self, name: str) -> str:
        return next(contract.address for contract in self.deployed if contract.name == name)

    def register_work(
        self,
        licensor: str,
        content: bytes,
        form: bytes,
        metadata: bytes,
        root: bytes,
        composition: bytes | None = None,
    ) -> bytes:
        fields = [self.domain.chain_id, self.contract("Catalogue"), licensor, content]
        work_id = keccak(encode(["uint256", "address", "address", "bytes32"], fields))
        block = self.next_block()
        self.work_list.append(Work(work_id, licensor, content, form, metadata, root, block, composition))
        self.split_list.append(SplitVersion(work_id, 1, root, metadata, block))
        self.licensor_list.append(LicensorSince(work_id, licensor, block))
        self.licensor_now[work_id], self.split_now[work_id] = licensor, root
        self.versions[work_id], self.licences[work_id, 1] = 1, licence_word(root, (), self.timestamp())
        if composition:
            self.compositions[work_id] = composition
        return work_id

    def change_split(self, work_id: bytes, root: bytes, metadata: bytes) -> None:
        """A new split, with the terms that the work has."""
        terms = [version.terms for version in self.terms_list if version.work_id == work_id][-1]
        self.split_now[work_id] = root
        self.set_terms(work_id, terms)
        self.split_list.append(SplitVersion(work_id, self.versions[work_id], root, metadata, self.block))

    def transfer_licensor(self, work_id: bytes, to: str) -> None:
        self.licensor_list.append(LicensorSince(work_id, to, self.next_block()))
        self.licensor_now[work_id] = to

    def set_terms(self, work_id: bytes, terms: Terms) -> None:
        version, root = self.versions[work_id] + 1, self.split_now[work_id]
        self.terms_list.append(TermsVersion(work_id, version, terms, root, self.next_block()))
        self.versions[work_id] = version
        self.licences[work_id, version] = licence_word(root, terms.to_words(), self.timestamp())

    def anchor(self, licensor: str, collection: Collection) -> None:
        block = self.next_block()
        self.collection_list.append(Anchored(licensor, collection.root, collection.digest(), block))

    def withdraw(self, licensor: str, root: bytes) -> None:
        block = self.next_block()
        place = [(one.licensor, one.root) for one in self.collection_list].index((licensor, root))
        self.collection_list[place] = replace(self.collection_list[place], withdrawn=block)

    def materialise(self, licensor: str, collection: Collection, content: bytes) -> bytes:
        """Registers a work of a collection; its first version took force when that was anchored."""
        work = collection.work(content)
        content, form, metadata, root, _ = work.registration
        anchored = next(one for one in self.collection_list if (one.licensor, one.root) == (licensor, collection.root))
        work_id = self.register_work(licensor, content, form, metadata, root, work.metadata.recording_of)
        self.terms_list.append(TermsVersion(work_id, 1, work.terms, root, self.block))
        self.licences[work_id, 1] = licence_word(root, work.words, self.times[anchored.block])
        self.materialised_list.append(Materialised(work_id, licensor, collection.root, self.block))
        return work_id

    def register_model(
        self, registrant: str, weights: bytes, manifest: bytes, root: bytes, rate: int, metadata: bytes
    ) -> bytes:
        fields = [self.domain.chain_id, self.contract("Catalogue"), registrant, weights, b"model".ljust(32, b"\0")]
        model_id = keccak(encode(["uint256", "address", "address", "bytes32", "bytes32"], fields))
        block = self.next_block()
        self.model_list.append(Model(model_id, registrant, weights, manifest, root, {TOKEN: rate}, metadata, block))
        self.offers[model_id, root, TOKEN] = (rate, 0)
        return model_id

    def deposit(self, operator: str, token: str, amount: int) -> None:
        block = self.next_block()
        self.bond_list.append(BondMoved(operator, token, amount, block, f"0xbond{block}"))
        self.bonds_now[operator, token] += amount
        self.balances[self.domain.contract, token] += amount

    def fund(self, quote: Quote, salt: bytes) -> bytes:
        order, block = order_id(quote, self.domain), self.next_block()
        signed, grants = self.sign(quote.operator, order), tuple(self._grants(quote, order))
        self.calls[f"0xfund{block}"] = FundingCall(quote.maker, quote, salt, grants, signed)
        self.moves[f"0xfund{block}"] = TokenMoves(quote.escrow, {})
        self.funded_list.append(Funded(order, quote, salt, quote.escrow, block, f"0xfund{block}"))
        self.statuses[order] = OrderStatus.FUNDED
        self.states[order] = _tagged(_deal(order, quote, salt), 0b10)
        self.balances[self.domain.contract, quote.token] += quote.escrow
        self.locked_now[quote.operator, quote.token] += quote.escrow
        return order

    def commit(self, commit: Commit) -> None:
        funded = self.funding(commit.order_id)
        quote, block = funded.quote, self.next_block()
        settled = quote.settle(commit.base_share, commit.shares)
        self._credit(commit.order_id, quote.model_id, quote.pool_root, quote.token, settled.pool)
        self._credit_sources(funded, settled.sources)
        event = Committed(commit, settled.operator_fee, settled.refunded, block, f"0xcommit{block}")
        self.committed_list.append(event)
        out = Counter({quote.operator: settled.operator_fee})
        out[quote.maker] += settled.refunded
        self.moves[event.transaction] = TokenMoves(0, out)
        signed = self.sign(quote.operator, typed_data.digest(commit_message(commit, self.domain)))
        self.calls[event.transaction] = CommitCall(quote.operator, quote, funded.maker_salt, commit, signed)
        self.statuses[commit.order_id] = OrderStatus.COMMITTED
        self._keep_result(funded, commit, quote.use)
        self.balances[self.domain.contract, quote.token] -= settled.operator_fee + settled.refunded
        self.locked_now[quote.operator, quote.token] -= quote.escrow

    def refund(self, order: bytes) -> None:
        funded = self.funding(order)
        quote, penalty = funded.quote, refund_penalty(funded.escrowed)
        block = self.next_block(max(BLOCK_SECONDS, quote.deadline + 1 - self.timestamp()))
        self.refunded_list.append(Refunded(order, funded.escrowed, block, f"0xrefund{block}", penalty))
        self.moves[f"0xrefund{block}"] = TokenMoves(0, {quote.maker: funded.escrowed + penalty})
        self.statuses[order], self.states[order] = OrderStatus.REFUNDED, bytes(31) + b"\1"
        self.balances[self.domain.contract, quote.token] -= funded.escrowed + penalty
        self.locked_now[quote.operator, quote.token] -= funded.escrowed
        self.bonds_now[quote.operator, quote.token] -= penalty

    def raise_use(self, order: bytes, use: Use) -> None:
        """Raises a committed order that was never raised."""
        funded, commit, block = self.funding(order), self.result(order), self.next_block()
        quote = funded.quote
        prices = [self.pinned(source.work_id, source.terms_version).price(use, quote.token) for source in quote.sources]
        amounts = raised(quote.rates, prices, commit.duration, commit.shares)
        self._credit_sources(funded, amounts)
        event = Raised(order, quote.maker, quote.use, use, sum(amounts), block, f"0xraise{block}")
        self.raised_list.append(event)
        self._keep_result(funded, commit, use)
        self.balances[self.domain.contract, quote.token] += sum(amounts)

    def pay_downstream(self, order: bytes, amount: int) -> None:
        funded, commit, block = self.funding(order), self.result(order), self.next_block()
        quote = funded.quote
        parts = [source.downstream for source in quote.sources]
        revenue = downstream(amount, commit.shares, parts, quote.through)
        self._credit_sources(funded, revenue.sources)
        event = DownstreamPaid(order, quote.maker, amount, revenue.maker, block, f"0xlater{block}")
        self.downstream_list.append(event)
        self.balances[self.domain.contract, quote.token] += amount - revenue.maker

    def rule(self, order: bytes, to_sources: tuple[int, ...], to_maker: int) -> None:
        """A challenge of the order is upheld."""
        funded, block = self.funding(order), self.next_block()
        quote, total = funded.quote, sum(to_sources) + to_maker
        self._credit_sources(funded, to_sources)
        self.ruled_list.append(Ruled(order, to_sources, to_maker, block))
        self.bond_list.append(BondMoved(quote.operator, quote.token, -total, block, f"0xruled{block}", order))
        self.bonds_now[quote.operator, quote.token] -= total
        self.balances[self.domain.contract, quote.token] -= to_maker

    def move_held(self, beneficiary: bytes, root: bytes, to_root: bytes, token: str, amount: int) -> None:
        """A ruling moves held money to another split."""
        account, to = account_id(beneficiary, root, token), account_id(beneficiary, to_root, token)
        self.account_map.setdefault(to, RoyaltyAccount(beneficiary, to_root, token))
        self.held_list.append(HeldMoved(account, to, amount, self.next_block()))
        self.totals_received[account] -= amount
        self.totals_received[to] += amount

    def hold(self, beneficiary: bytes, root: bytes, token: str, cap: int) -> None:
        """A contest holds what comes in from now on, up to `cap`; with 0 it ends."""
        account = account_id(beneficiary, root, token)
        self.holds_now[account] = AccountHeld(account, self.totals_received[account], cap, self.next_block())
        self.hold_list.append(self.holds_now[account])

    def recover(self, holder: str, successor: str, wait: int = 30 * 86_400) -> None:
        """A holder's guardian starts to replace it, and waits."""
        self.recovery_list.append(GuardianSet(holder, "0x" + "9a" * 20, self.next_block()))
        block = self.next_block()
        self.recovery_list.append(Started(successor, self.timestamp() + 30 * 86_400, block, holder=holder))
        self.next_block(wait)

    def start_readdressing(self, beneficiary: bytes, split: Split, index: int, token: str, payee: str) -> None:
        """A work's licensor starts to give a place away, and waits."""
        place, block, wait = (account_id(beneficiary, split.root, token), index), self.next_block(), 180 * 86_400
        self.recovery_list.append(Started(payee, self.timestamp() + wait, block, place=place))
        self.next_block(wait)

    def readdress(self, beneficiary: bytes, split: Split, index: int, token: str, payee: str) -> None:
        account = account_id(beneficiary, split.root, token)
        self.recovery_list.append(Readdressed((account, index), payee, self.block))
        self.place_status[account, index] = PlaceStatus.READDRESSED
        self.successors[account, index] = payee

    def payout(self, beneficiary: bytes, split: Split, index: int, token: str) -> None:
        """Pays a holder, which confirms its place before if it has not."""
        account, leaf = account_id(beneficiary, split.root, token), split.leaves[index]
        of = RoyaltyAccount(beneficiary, split.root, token)
        free = self.totals_received[account] - self.held_of(of)
        amount = free * leaf.share // PPM - self.draws[account, index]
        if amount <= 0:
            return
        self.place_status.setdefault((account, index), PlaceStatus.CONFIRMED)
        payee, block = self.successors.get((account, index), leaf.holder), self.next_block()
        event = Paid(account, payee, beneficiary, index, token, amount, block, f"0xpaid{block}")
        self.paid_list.append(event)
        self.draws[account, index] += amount
        self.balances[self.domain.contract, token] -= amount

    def funding(self, order: bytes) -> Funded:
        return next(event for event in self.funded_list if event.order_id == order)

    def result(self, order: bytes) -> Commit:
        return next(event.commit for event in self.committed_list if event.commit.order_id == order)

    def pinned(self, work_id: bytes, version: int) -> Terms:
        return next(v.terms for v in self.terms_list if (v.work_id, v.version) == (work_id, version))

    def _grants(self, quote: Quote, order: bytes) -> list[Grant]:
        """What the sources' terms ask for, from whoever can give it."""
        versions = {(v.work_id, v.version): v.terms for v in self.terms_list}
        pinned = [(s.work_id, versions.get((s.work_id, s.terms_version))) for s in quote.sources]
        return [self._grant(quote, order, work, terms) for work, terms in pinned if terms and asks(terms)]

    def _grant(self, quote: Quote, order: bytes, work_id: bytes, terms: Terms) -> Grant:
        digest = typed_data.digest(approval_message(order, work_id, self.domain))
        approval = self.sign(self.licensor_now[work_id], digest) if terms.approval else b""
        allow = terms.allow
        return Grant(allow.operator_proof(quote.operator), allow.model_proof(quote.model_id), approval)

    def _keep_result(self, funded: Funded, commit: Commit, use: Use) -> None:
        deal = _deal(funded.order_id, funded.quote, funded.maker_salt)
        result = keccak(encode(["(bytes32,bytes32,bytes32,uint256)"], [commit.to_abi()]))
        self.states[commit.order_id] = _tagged(keccak(deal + result + int(use).to_bytes(32, "big")), 0b11)

    def _credit_sources(self, funded: Funded, amounts: Sequence[int]) -> None:
        for source, amount in zip(funded.quote.sources, amounts, strict=True):
            self._credit(funded.order_id, source.work_id, source.split_root, funded.quote.token, amount)

    def _credit(self, order: bytes, beneficiary: bytes, root: bytes, token: str, amount: int) -> None:
        if amount:
            account = account_id(beneficiary, root, token)
            self.account_map.setdefault(account, RoyaltyAccount(beneficiary, root, token))
            self.credited_list.append(Credited(account, beneficiary, order, root, token, amount, self.block))
            self.totals_received[account] += amount

    # The port

    def head(self) -> int:
        return self.block

    def first(self) -> int:
        return 0

    def block_hash(self, block: int) -> bytes:
        return sha256(b"block %d" % block)

    def order_events(self, first: int, last: int, quote_of: Callable[[bytes], Quote | None]) -> list[OrderEvent]:
        """The lists' events of these blocks; those of one block in the order of the lists."""
        lists: list[Sequence[OrderEvent]] = [
            self.bond_list, self.funded_list, self.committed_list, self.refunded_list, self.raised_list,
            self.downstream_list, self.ruled_list, self.credited_list, self.held_list, self.hold_list,
            self.paid_list,
        ]  # fmt: skip
        found = [event for events in lists for event in events if first <= event.block <= last]
        return sorted(found, key=lambda event: event.block)

    def block_time(self, block: int) -> int:
        return self.times.get(block, 0)

    def timestamp(self) -> int:
        return self.block_time(self.block)

    def contracts(self) -> list[DeployedContract]:
        return self.deployed

    def works(self) -> list[Work]:
        return self.work_list

    def split_history(self) -> list[SplitVersion]:
        return self.split_list

    def licensor_history(self) -> list[LicensorSince]:
        return self.licensor_list

    def terms_history(self) -> list[TermsVersion]:
        return self.terms_list

    def models(self) -> list[Model]:
        return self.model_list

    def operator_keys(self) -> list[OperatorKey]:
        return self.key_list

    def dispute_history(self) -> list[Disputed]:
        return self.dispute_list

    def sunset_history(self) -> list[SunsetSince]:
        return self.sunset_list

    def funding_call(self, transaction: str) -> FundingCall | None:
        found = self.calls.get(transaction)
        return found if isinstance(found, FundingCall) else None

    def commit_call(self, transaction: str, order_id: bytes) -> CommitCall | None:
        found = self.calls.get(transaction)
        return found if isinstance(found, CommitCall) else None

    def token_moves(self, transaction: str, token: str) -> TokenMoves | None:
        return self.moves.get(transaction)

    def fines(self) -> list[Fined]:
        return []

    def sendings(self, transaction: str) -> Sendings | None:
        """All that the events say was paid."""
        moved, told = Counter[tuple[str, str]](), Counter[tuple[bytes, str]]()
        for paid in self.paid_list:
            if paid.transaction == transaction:
                moved[paid.token.lower(), paid.holder.lower()] += paid.amount
                told[paid.account, paid.holder.lower()] += paid.amount
        return Sendings(moved, told)

    def code(self, address: str) -> bytes:
        return b"code" if address in self.wallets else b""

    def accepts(self, wallet: str, digest: bytes, signature: bytes) -> bool:
        return self.wallets[wallet]

    @property
    def catalogue(self) -> str:
        return self.contract("Catalogue")

    def licensor_changes(self) -> list[tuple[bytes, str, int]]:
        return [(one.work_id, one.licensor, one.block) for one in self.licensor_list]

    def collections(self) -> list[Anchored]:
        return self.collection_list

    def materialised(self) -> list[Materialised]:
        return self.materialised_list

    def funded(self, order_id: bytes | None = None) -> list[Funded]:
        return self.funded_list

    def committed(self, order_id: bytes | None = None) -> list[Committed]:
        return self.committed_list

    def refunded(self) -> list[Refunded]:
        return self.refunded_list

    def accounts(self) -> dict[bytes, RoyaltyAccount]:
        return self.account_map

    @property
    def pool_address(self) -> str:
        return self.contract("TrainingPool")

    @property
    def pool_root(self) -> bytes:
        return Split.of([(self.pool_address, PPM)]).root

    def pool_rules(self) -> dict[bytes, PoolRule]:
        return {model.model_id: PoolRule() for model in self.model_list}

    def pool_history(self) -> PoolHistory:
        """Nothing was ever collected; epochs are audited on a real chain, in tests/pooling."""
        return PoolHistory()

    def pot(self, model_id: bytes, token: str) -> tuple[int, int]:
        return 0, 0

    def collectable(self, model_id: bytes, token: str) -> int:
        return 0

    def epoch(self, model_id: bytes, token: str, number: int) -> EpochState:
        return EpochState(bytes(32), 0, 0, 0)

    def credited(self) -> list[Credited]:
        return self.credited_list

    def paid(self) -> list[Paid]:
        return self.paid_list

    def order_status(self, order_id: bytes) -> OrderStatus:
        return self.statuses.get(order_id, OrderStatus.NONE)

    def order_state(self, order_id: bytes) -> bytes:
        return self.states.get(order_id, bytes(32))

    def licensor_of(self, work_id: bytes) -> str:
        return _known(self.licensor_now, work_id)

    def composition_of(self, work_id: bytes) -> bytes | None:
        return self.compositions.get(work_id)

    def is_contested(self, work_id: bytes) -> bool:
        return self.disputes[work_id][0]

    def is_barred(self, work_id: bytes) -> bool:
        return self.disputes[work_id][1]

    def base_rate_of(self, model_id: bytes, pool_root: bytes, token: str) -> tuple[int, int] | None:
        return self.offers.get((model_id, pool_root, token))

    def current_version(self, work_id: bytes) -> int:
        return _known(self.versions, work_id)

    def licence_of(self, work_id: bytes, version: int) -> int:
        return self.licences.get((work_id, version), 0)

    def named_models(self) -> frozenset[bytes]:
        return frozenset(model for model, _, _ in self.offers)

    def recovery_history(self) -> list[Step]:
        return self.recovery_list

    def held_of(self, account: RoyaltyAccount) -> int:
        mine = account_id(account.beneficiary, account.split_root, account.token)
        return self.holds_now[mine].of(self.totals_received[mine]) if mine in self.holds_now else 0

    def received(self, account: bytes) -> int:
        return self.totals_received[account]

    def place(self, account: bytes, index: int) -> Place:
        status = self.place_status.get((account, index), PlaceStatus.UNCONFIRMED)
        return Place(self.draws[account, index], status)

    def payee_of(self, account: bytes, index: int) -> str:
        return self.successors.get((account, index), NATIVE)

    def threshold(self, holder: str, token: str) -> int:
        return 0

    def bond(self, operator: str, token: str) -> Bond:
        return Bond(self.bonds_now[operator, token], self.locked_now[operator, token])

    def withdrawal(self, operator: str, token: str) -> tuple[int, int]:
        return self.leaving_now[operator, token], 0

    def owed(self, to: str, token: str) -> int:
        return self.debts[to, token]

    def balance(self, holder: str, token: str) -> int:
        return self.balances[holder, token]

    def currency(self, token: str) -> Currency:
        return Currency("TUSD", 6)

    def claimable(self, claim: Claim) -> int:
        account = account_id(claim.beneficiary, claim.split_root, claim.token)
        return self.received(account) * claim.leaf.share // PPM - self.draws[account, claim.leaf.index]


class FakeStore:
    """A content store in a dictionary; `reachable` switches it off."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.reachable = True

    def put(self, data: bytes) -> str:
        self.held[cid(sha256(data))] = data
        return cid(sha256(data))

    def get(self, cid: str) -> bytes:
        self._require_reachable()
        if cid not in self.held:
            raise NotFound(f"{cid} is not here.")
        return self.held[cid]

    def has(self, cid: str) -> bool:
        self._require_reachable()
        return cid in self.held

    def held_by(self, digest: bytes) -> bytes:
        return self.held[cid(digest)]

    def _require_reachable(self) -> None:
        if not self.reachable:
            raise StoreError("The store does not answer.", "Start it.")


class FakeGenerator:
    """Notes that follow from the seed. About half of the seeds give a piece that is nearly all base."""

    def __init__(self, weights: bytes) -> None:
        self.model_digest = weights

    @property
    def identity(self) -> dict[str, object]:
        return {"version": "fake/1"}

    def generate(self, request: GenerationRequest, on_bar: object = None) -> Generation:
        notes = tuple(self._note(request, bar) for bar in range(8))
        components = ("base", *(source.work_id for source in request.sources))
        ledger = EventLedger(components, notes, tuple(Draw(n.pitch, n.pitch << 8, 7) for n in notes))
        return Generation(ledger, tuple(3 for _ in request.sources), self.model_digest)

    def replay(self, request: GenerationRequest, events: EventLedger) -> ReplayResult:
        generation = self.generate(request)
        own = generation.events
        if own == events:
            return ReplayResult(Verdict.IDENTICAL, longest_runs=generation.longest_runs)
        pairs = enumerate(zip(own.notes, events.notes, strict=False))
        differing = next((i for i, (a, b) in pairs if a != b), None)
        return ReplayResult(Verdict.CONTRADICTED, differing, "another note")

    def _note(self, request: GenerationRequest, bar: int) -> EventNote:
        noise = sha256(request.seed + bytes([bar]))
        mostly_base = request.seed[0] % 2 == 1
        parts = [8 if mostly_base else 0, *(source.weight // 100_000 + noise[1] % 2 for source in request.sources)]
        parts[0] += 1
        if mostly_base:
            parts = [100, *parts[1:]]
        return EventNote(bar, bar * 96, 24 * (1 + noise[0] % 4), 60 + noise[2] % 12, largest_remainder(parts))


class FakeRenderer:
    """One sample for each note and component, so that the stems add up to the mix."""

    @property
    def identity(self) -> dict[str, object]:
        return {"name": "fake", "version": "1"}

    def render(self, events: EventLedger, music: MusicRequest) -> Rendered:
        width = len(events.components)
        stems = [[note.pitch * note.responsibilities[k] // PPM for note in events.notes] for k in range(width)]
        mix = array("h", (sum(stem[i] for stem in stems) for i in range(len(events.notes))))
        files = [b"fLaC" + array("h", stem).tobytes() for stem in stems]
        digests = tuple(FakeDecoder().decode(file).digest for file in files)
        flac = b"fLaC" + mix.tobytes()
        return Rendered(flac, tuple(files), b"MThd" + mix.tobytes(), FakeDecoder().decode(flac).digest, digests)


class FakeDecoder:
    def decode(self, flac: bytes) -> Decoded:
        if flac[:4] != b"fLaC":
            raise InvalidInput("Not FLAC.")
        return Decoded(sha256(b"pcm" + flac[4:]), flac[4:])


def _known(values: dict[bytes, V], key: bytes) -> V:
    if key not in values:
        raise NotFound("Unknown to the registry.")
    return values[key]


def _deal(order: bytes, quote: Quote, salt: bytes) -> bytes:
    deal = (order, salt, quote.maker, quote.to_abi()[1], quote.token, quote.escrow)
    return keccak(encode(["(bytes32,bytes32,address,uint256,address,uint256)"], [deal]))


def _tagged(word: bytes, tag: int) -> bytes:
    return (int.from_bytes(word, "big") & ~0b11 | tag).to_bytes(32, "big")
