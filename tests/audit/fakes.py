"""Fakes of what an audit speaks to: a chain, a store, and the tools. Each behaves as the port says, in memory."""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TypeVar

from eth_abi import encode
from eth_utils import keccak

from contrafact.audit import Decoded, DeployedContract, LicensorSince
from contrafact.domain.digests import cid, sha256
from contrafact.domain.generation import Draw, EventLedger, EventNote, Generation, GenerationRequest
from contrafact.domain.history import Claim, Committed, Credited, Funded, Paid, Refunded, SplitVersion, TermsVersion
from contrafact.domain.models import Model
from contrafact.domain.money import Currency
from contrafact.domain.orders import Commit, Eip712Domain, Quote, order_id
from contrafact.domain.settlement import settle
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.domain.splits import Split, account_id
from contrafact.domain.terms import Terms
from contrafact.domain.works import Work
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.ports import OrderStatus, Rendered, ReplayResult, Verdict

V = TypeVar("V")
TOKEN = "0x" + "70" * 20
BLOCK_SECONDS = 60


@dataclass
class FakeLedger:
    """A chain that holds lists. Its actions write the event and the storage that the contracts would write."""

    domain: Eip712Domain
    deployed: list[DeployedContract]
    block: int = 1
    work_list: list[Work] = field(default_factory=list)
    split_list: list[SplitVersion] = field(default_factory=list)
    licensor_list: list[LicensorSince] = field(default_factory=list)
    terms_list: list[TermsVersion] = field(default_factory=list)
    model_list: list[Model] = field(default_factory=list)
    funded_list: list[Funded] = field(default_factory=list)
    committed_list: list[Committed] = field(default_factory=list)
    refunded_list: list[Refunded] = field(default_factory=list)
    credited_list: list[Credited] = field(default_factory=list)
    paid_list: list[Paid] = field(default_factory=list)
    times: dict[int, int] = field(default_factory=dict)
    statuses: dict[bytes, OrderStatus] = field(default_factory=dict)
    states: dict[bytes, bytes] = field(default_factory=dict)
    licensor_now: dict[bytes, str] = field(default_factory=dict)
    split_now: dict[bytes, bytes] = field(default_factory=dict)
    pool_split: dict[bytes, bytes] = field(default_factory=dict)
    versions: dict[bytes, int] = field(default_factory=dict)
    hashes: dict[tuple[bytes, int], bytes] = field(default_factory=dict)
    totals_received: dict[bytes, int] = field(default_factory=lambda: defaultdict(int))
    totals_paid: dict[bytes, int] = field(default_factory=lambda: defaultdict(int))
    draws: dict[tuple[bytes, int], int] = field(default_factory=lambda: defaultdict(int))
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

    def register_work(self, licensor: str, content: bytes, form: bytes, metadata: bytes, root: bytes) -> bytes:
        fields = [self.domain.chain_id, self.contract("WorkRegistry"), licensor, content]
        work_id = keccak(encode(["uint256", "address", "address", "bytes32"], fields))
        block = self.next_block()
        self.work_list.append(Work(work_id, licensor, content, form, metadata, root, block))
        self.split_list.append(SplitVersion(work_id, 1, root, metadata, block))
        self.licensor_list.append(LicensorSince(work_id, licensor, block))
        self.licensor_now[work_id], self.split_now[work_id] = licensor, root
        return work_id

    def change_split(self, work_id: bytes, root: bytes, metadata: bytes) -> None:
        version = 1 + sum(split.work_id == work_id for split in self.split_list)
        self.split_list.append(SplitVersion(work_id, version, root, metadata, self.next_block()))
        self.split_now[work_id] = root

    def transfer_licensor(self, work_id: bytes, to: str) -> None:
        self.licensor_list.append(LicensorSince(work_id, to, self.next_block()))
        self.licensor_now[work_id] = to

    def set_terms(self, work_id: bytes, terms: Terms) -> None:
        version = self.versions.get(work_id, 0) + 1
        licensor = self.licensor_now[work_id]
        self.terms_list.append(TermsVersion(work_id, version, licensor, terms, self.next_block()))
        self.versions[work_id], self.hashes[work_id, version] = version, terms.hash()

    def register_model(
        self, registrant: str, weights: bytes, manifest: bytes, root: bytes, rate: int, metadata: bytes
    ) -> bytes:
        fields = [self.domain.chain_id, self.contract("ModelRegistry"), registrant, weights]
        model_id = keccak(encode(["uint256", "address", "address", "bytes32"], fields))
        block = self.next_block()
        self.model_list.append(Model(model_id, registrant, weights, manifest, root, rate, TOKEN, metadata, block))
        self.pool_split[model_id] = root
        return model_id

    def fund(self, quote: Quote, salt: bytes) -> bytes:
        order, block = order_id(quote, self.domain), self.next_block()
        self.funded_list.append(Funded(order, quote, salt, quote.escrow, block, f"0xfund{block}"))
        self.statuses[order] = OrderStatus.FUNDED
        self.states[order] = _tagged(_deal(order, salt, quote.escrow), 0b10)
        self.balances[self.domain.contract, quote.token] += quote.escrow
        return order

    def commit(self, commit: Commit) -> None:
        funded = next(event for event in self.funded_list if event.order_id == commit.order_id)
        quote, block = funded.quote, self.next_block()
        rates = (quote.prices, quote.base_rate, quote.operator_fee, quote.duration)
        settled = settle(*rates, commit.shares, commit.base_share)
        for source, amount in zip(quote.sources, settled.sources, strict=True):
            self._credit(commit.order_id, source.work_id, source.split_root, quote.token, amount)
        self._credit(commit.order_id, quote.model_id, self.pool_split[quote.model_id], quote.token, settled.pool)
        event = Committed(commit, settled.operator_fee, settled.refunded, block, f"0xcommit{block}")
        self.committed_list.append(event)
        self.statuses[commit.order_id] = OrderStatus.COMMITTED
        deal = _deal(commit.order_id, funded.maker_salt, funded.escrowed)
        result = keccak(encode(["(bytes32,bytes32,bytes32,bytes32,uint32,uint32[])"], [commit.to_abi()]))
        self.states[commit.order_id] = _tagged(keccak(deal + result), 0b11)
        self.balances[self.domain.contract, quote.token] -= settled.operator_fee + settled.refunded

    def refund(self, order: bytes) -> None:
        funded = next(event for event in self.funded_list if event.order_id == order)
        block = self.next_block(max(BLOCK_SECONDS, funded.quote.deadline + 1 - self.timestamp()))
        self.refunded_list.append(Refunded(order, funded.escrowed, block, f"0xrefund{block}"))
        self.statuses[order], self.states[order] = OrderStatus.REFUNDED, bytes(31) + b"\1"
        self.balances[self.domain.contract, funded.quote.token] -= funded.escrowed

    def payout(self, beneficiary: bytes, split: Split, index: int, token: str) -> None:
        account, leaf = account_id(beneficiary, split.root, token), split.leaves[index]
        amount = self.totals_received[account] * leaf.share // PPM - self.draws[account, index]
        if amount == 0:
            return
        block = self.next_block()
        event = Paid(account, leaf.holder, beneficiary, index, token, amount, block, f"0xpaid{block}")
        self.paid_list.append(event)
        self.totals_paid[account] += amount
        self.draws[account, index] += amount
        self.balances[self.domain.contract, token] -= amount

    def _credit(self, order: bytes, beneficiary: bytes, root: bytes, token: str, amount: int) -> None:
        if amount:
            account = account_id(beneficiary, root, token)
            self.credited_list.append(Credited(account, beneficiary, order, root, token, amount, self.block))
            self.totals_received[account] += amount

    # The port

    def head(self) -> int:
        return self.block

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

    def funded(self, order_id: bytes | None = None) -> list[Funded]:
        return self.funded_list

    def committed(self, order_id: bytes | None = None) -> list[Committed]:
        return self.committed_list

    def refunded(self) -> list[Refunded]:
        return self.refunded_list

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

    def split_root_of(self, work_id: bytes) -> bytes:
        return _known(self.split_now, work_id)

    def pool_split_root_of(self, model_id: bytes) -> bytes:
        return _known(self.pool_split, model_id)

    def current_version(self, work_id: bytes) -> int:
        return self.versions.get(work_id, 0)

    def terms_hash(self, work_id: bytes, version: int) -> bytes:
        return self.hashes.get((work_id, version), bytes(32))

    def received(self, account: bytes) -> int:
        return self.totals_received[account]

    def paid_out(self, account: bytes) -> int:
        return self.totals_paid[account]

    def drawn(self, account: bytes, index: int) -> int:
        return self.draws[account, index]

    def owed(self, to: str, token: str) -> int:
        return self.debts[to, token]

    def balance(self, holder: str, token: str) -> int:
        return self.balances[holder, token]

    def currency(self, token: str) -> Currency:
        return Currency("TUSD", 6)

    def claimable(self, claim: Claim) -> int:
        account = account_id(claim.beneficiary, claim.split_root, claim.token)
        return self.received(account) * claim.leaf.share // PPM - self.drawn(account, claim.leaf.index)


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

    def generate(self, request: GenerationRequest, on_bar: object = None) -> Generation:
        notes = tuple(self._note(request, bar) for bar in range(8))
        components = ("base", *(source.work_id for source in request.sources))
        ledger = EventLedger(components, notes, tuple(Draw(n.pitch, n.pitch << 8, 7) for n in notes))
        return Generation(ledger, tuple(3 for _ in request.sources), self.model_digest)

    def replay(self, request: GenerationRequest, events: EventLedger) -> ReplayResult:
        own = self.generate(request).events
        if own == events:
            return ReplayResult(Verdict.IDENTICAL)
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

    def render(self, events: EventLedger, tempo: int) -> Rendered:
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


def _deal(order: bytes, salt: bytes, escrowed: int) -> bytes:
    return keccak(order + salt + escrowed.to_bytes(32, "big"))


def _tagged(word: bytes, tag: int) -> bytes:
    return (int.from_bytes(word, "big") & ~0b11 | tag).to_bytes(32, "big")
