"""Made-up happenings of a catalogue, as the contracts' events tell them: works, orders, money, contests, pools.

They are shaped as the real ones are, and keep the rules that the index relies on: an account is opened before it is
credited, nobody draws more than came in, a ruling moves no more than there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from contrafact.domain.orders import Commit, Quote, Source
from contrafact.domain.splits import Split, account_id
from contrafact.domain.terms import NATIVE, Terms, TokenPrice, Use
from contrafact.domain.works import WorkMetadata

PEOPLE = tuple(f"0x{letter * 40}" for letter in "123456789")
DOLLAR = "0x" + "77" * 20
TOKENS = (NATIVE, DOLLAR)
PPM = 1_000_000
HAPPENINGS = {"register": 2, "set_terms": 1, "change_split": 1, "transfer": 1, "contest": 1, "fund": 12, "commit": 10,
              "refund": 1, "raise_use": 1, "pay": 12, "close_epoch": 1, "claim_epoch": 1, "move_held": 1}  # fmt: skip

Told = tuple[str, str, dict[str, Any]]
"""Contract, event and arguments."""


@dataclass
class State:
    """What a story needs to know to go on; all of it follows from the events that were told."""

    works: dict[bytes, WorkMetadata] = field(default_factory=dict)
    versions: dict[bytes, int] = field(default_factory=dict)
    roots: dict[bytes, bytes] = field(default_factory=dict)
    models: list[bytes] = field(default_factory=list)
    open_orders: dict[bytes, Quote] = field(default_factory=dict)
    done_orders: list[bytes] = field(default_factory=list)
    received: dict[bytes, int] = field(default_factory=dict)
    accounts: dict[bytes, tuple[bytes, bytes, str]] = field(default_factory=dict)
    drawn: dict[tuple[bytes, int], int] = field(default_factory=dict)
    contests: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    pots: dict[tuple[bytes, str], list[int]] = field(default_factory=dict)
    contest_ids: int = 0


class Story:
    """Tells what happens next; the same seed and the same past tell the same."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.state = State()
        self.documents: dict[bytes, bytes] = {}
        self._waiting = 0

    def register(self, works: int) -> None:
        """Has the next transaction register so many works, and nothing else."""
        self._waiting = works

    def next(self) -> Iterator[Told]:
        """The events of one more transaction; sometimes none."""
        if self._waiting:
            count, self._waiting = self._waiting, 0
            return (told for _ in range(count) for told in self._register())
        names, weights = list(HAPPENINGS), list(HAPPENINGS.values())
        tell: Callable[[], Iterator[Told]] = getattr(self, f"_{self.random.choices(names, weights)[0]}")
        return tell() if len(self.state.works) > 2 and self.state.models else self._begin()

    def _begin(self) -> Iterator[Told]:
        yield from self._register()
        if not self.state.models:
            yield from self._model()

    def _digest(self) -> bytes:
        return self.random.randbytes(32)

    def _one(self, of: Mapping[Any, Any] | list[Any]) -> Any:
        return self.random.choice(list(of))

    def _register(self) -> Iterator[Told]:
        work, number = self._digest(), self.random.randrange(10**6)
        holders = self.random.sample(PEOPLE, self.random.randint(1, 3))
        shares = [PPM // len(holders)] * len(holders)
        shares[0] += PPM - sum(shares)
        document = WorkMetadata(
            f"Ó Néill's march no. {number}", f"T{number}", self._one(["Tunes", "Airs"]), ("trad.",), "text/vnd.abc",
            self._digest(), self._digest(), Split.of(list(zip(holders, shares, strict=True))),
        )  # fmt: skip
        digest = document.digest()
        self.documents[digest] = document.to_bytes()
        self.state.works[work], self.state.versions[work] = document, 1
        self.state.roots[work] = document.split.root
        digests = {"contentDigest": document.content, "sourceDigest": document.source_form, "metadataDigest": digest}
        ids = {"workId": work, "licensor": self._one(list(PEOPLE))}
        yield (
            "Catalogue",
            "WorkRegistered",
            ids | digests | {"splitRoot": document.split.root, "recordingOf": bytes(32)},
        )
        yield self._terms(work)

    def _terms(self, work: bytes) -> Told:
        self.state.versions[work] += 1
        row = tuple(self.random.randrange(1, 10**6) for _ in Use)
        uses = frozenset(self.random.sample(list(Use), 3))
        inference, combinable = self.random.random() < 0.9, work[0] % 3 > 0
        terms = Terms(True, inference, uses, combinable, PPM, 0, 0, 5, (TokenPrice(DOLLAR, row),))  # type: ignore[arg-type]
        place = {"workId": work, "version": self.state.versions[work], "splitRoot": self.state.roots[work]}
        return "Catalogue", "TermsSet", place | {"words": terms.to_words()}

    def _set_terms(self) -> Iterator[Told]:
        yield self._terms(self._one(self.state.works))

    def _change_split(self) -> Iterator[Told]:
        work = self._one(self.state.works)
        other = self._one(self.state.works)
        self.state.roots[work] = self.state.works[other].split.root
        yield self._terms(work)
        digests = {"splitRoot": self.state.roots[work], "metadataDigest": self._digest()}
        yield "Catalogue", "SplitChanged", {"workId": work, **digests}

    def _transfer(self) -> Iterator[Told]:
        ends = {"from": PEOPLE[0], "to": self._one(list(PEOPLE))}
        yield "Catalogue", "LicensorTransferred", {"workId": self._one(self.state.works), **ends}

    def _model(self) -> Iterator[Told]:
        model = self._digest()
        self.state.models.append(model)
        names = ("weightsDigest", "manifestRoot", "poolRoot", "metadataDigest")
        digests = {name: self._digest() for name in names}
        yield "Catalogue", "ModelRegistered", {"modelId": model, "registrant": PEOPLE[1], **digests, "sunset": 0}
        yield "Catalogue", "BaseRateSet", {"modelId": model, "token": DOLLAR, "rate": 700}

    def _contest(self) -> Iterator[Told]:
        """A contest of a work begins, and holds one of its accounts; or the last one ends."""
        work = self._one(self.state.works)
        epoch, is_open = self.state.contests.get(work, (0, 0))
        if is_open:
            self.state.contests[work] = epoch, 0
            yield "GenerationEscrow", "HoldClosed", {"beneficiary": work, "open": 0}
            yield "Catalogue", "ContestsChanged", {"workId": work, "open": 0}
            return
        self.state.contests[work] = epoch + 1, 1
        yield "Catalogue", "ContestsChanged", {"workId": work, "open": 1}
        yield "GenerationEscrow", "HoldOpened", {"beneficiary": work, "epoch": epoch + 1, "open": 1}
        for account, (beneficiary, root, token) in self.state.accounts.items():
            if beneficiary == work:
                self.state.contest_ids += 1
                number = {"contestId": self.state.contest_ids, "splitRoot": root, "token": token}
                yield "DisputeDesk", "HoldBonded", number | {"bond": 1}
                held = {"from": self.state.received[account], "cap": 10**6}
                yield "GenerationEscrow", "AccountHeld", {"accountId": account, **held}

    def _fund(self) -> Iterator[Told]:
        order, works = self._digest(), sorted(self.random.sample(list(self.state.works), 3))
        sources = tuple(
            Source(work, self.state.versions[work], self.state.roots[work], 300_000, 0, self.random.randrange(10**6))
            for work in works
        )
        quote = Quote(
            maker=self._one(list(PEOPLE)), operator=self._one(list(PEOPLE[:3])), model_id=self._one(self.state.models),
            pool_root=bytes(range(32)), token=self._one(list(TOKENS)), use=self._one(list(Use)), duration=75,
            request_digest=self._digest(), seed_commitment=self._digest(), base_rate=700, operator_fee=90,
            max_base_share=250_000, valid_until=2**32, deadline=2**33, nonce=self.random.randrange(2**60),
            sources=sources,
        )  # fmt: skip
        self.state.open_orders[order] = quote
        struct = tuple(tuple(part) if isinstance(part, list) else part for part in quote.to_abi())
        parties = {"orderId": order, "maker": quote.maker, "operator": quote.operator, "makerSalt": self._digest()}
        yield "GenerationEscrow", "OrderFunded", parties | {"escrowed": quote.escrow, "quote": struct}

    def _commit(self) -> Iterator[Told]:
        if not self.state.open_orders:
            return
        order = self._one(self.state.open_orders)
        quote = self.state.open_orders.pop(order)
        self.state.done_orders.append(order)
        commit = Commit(order, self._digest(), self._digest(), self._digest(), 75, 100_000, (300_000,) * 3)
        paid = quote.settle(commit.base_share, commit.shares)
        for source, amount in zip(quote.sources, paid.sources, strict=True):
            yield from self._credit(order, source.work_id, source.split_root, quote.token, amount)
        yield from self._credit(order, quote.model_id, quote.pool_root, quote.token, paid.pool)
        record, output, evidence, word = commit.to_abi()
        digests = {"recordDigest": record, "outputDigest": output, "evidenceRoot": evidence, "shares": word}
        yield "GenerationEscrow", "OrderCommitted", {"orderId": order, **digests, "refunded": paid.refunded}

    def _credit(self, order: bytes, beneficiary: bytes, root: bytes, token: str, amount: int) -> Iterator[Told]:
        if not amount:
            return
        account = account_id(beneficiary, root, token)
        yield from self._opened(account, beneficiary, root, token)
        self.state.received[account] = self.state.received.get(account, 0) + amount
        yield "GenerationEscrow", "Credited", {"accountId": account, "orderId": order, "amount": amount}

    def _refund(self) -> Iterator[Told]:
        if self.state.open_orders:
            order = self._one(self.state.open_orders)
            quote = self.state.open_orders.pop(order)
            parties = {"orderId": order, "maker": quote.maker, "amount": quote.escrow}
            yield "GenerationEscrow", "OrderRefunded", parties | {"penalty": quote.escrow // 10}

    def _raise_use(self) -> Iterator[Told]:
        if self.state.done_orders:
            uses = {"from": 0, "to": 1, "paid": 5}
            yield (
                "GenerationEscrow",
                "OrderRaised",
                {"orderId": self._one(self.state.done_orders), "payer": PEOPLE[4], **uses},
            )

    def _pay(self) -> Iterator[Told]:
        """A first holder is paid what half of its account makes; it confirms its place at first."""
        if not self.state.accounts:
            return
        account = self._one(self.state.accounts)
        before = self.state.drawn.get((account, 0), 0)
        amount = self.state.received[account] // 2 - before
        if amount <= 0:
            return
        if not before:
            yield "GenerationEscrow", "PlaceConfirmed", {"accountId": account, "holder": PEOPLE[0], "index": 0}
        self.state.drawn[account, 0] = before + amount
        yield "GenerationEscrow", "Paid", {"accountId": account, "payee": PEOPLE[0], "index": 0, "amount": amount}

    def _move_held(self) -> Iterator[Told]:
        """A ruling moves a part of an account that nobody has drawn on to another split of the same work."""
        drawn_on = {account for account, _ in self.state.drawn}
        whole = [account for account, total in self.state.received.items() if total > 10 and account not in drawn_on]
        if not whole:
            return
        account = self._one(whole)
        work, before, token = self.state.accounts[account]
        root = self.state.works[self._one(self.state.works)].split.root
        if root == before:
            return
        amount, to = self.state.received[account] // 3, account_id(work, root, token)
        yield from self._opened(to, work, root, token)
        self.state.received[account] -= amount
        self.state.received[to] = self.state.received.get(to, 0) + amount
        yield "GenerationEscrow", "HeldMoved", {"fromAccount": account, "toAccount": to, "amount": amount}

    def _opened(self, account: bytes, beneficiary: bytes, root: bytes, token: str) -> Iterator[Told]:
        if account not in self.state.accounts:
            self.state.accounts[account] = beneficiary, root, token
            names = {"accountId": account, "beneficiary": beneficiary, "splitRoot": root, "token": token}
            yield "GenerationEscrow", "AccountOpened", names

    def _close_epoch(self) -> Iterator[Told]:
        pot = self._one(self.state.models), DOLLAR
        left = self.state.pots.setdefault(pot, [])
        left.append(100)
        names = {"modelId": pot[0], "token": pot[1], "epoch": len(left), "root": self._digest(), "total": 100}
        yield "TrainingPool", "EpochClosed", names | {"evidenceDigest": self._digest(), "openUntil": 2**32}

    def _claim_epoch(self) -> Iterator[Told]:
        if self.state.pots:
            pot = self._one(self.state.pots)
            epoch = self.random.randrange(len(self.state.pots[pot]))
            amount, self.state.pots[pot][epoch] = self.state.pots[pot][epoch] // 2, self.state.pots[pot][epoch] // 2
            names = {"modelId": pot[0], "token": pot[1], "epoch": epoch + 1}
            if amount:
                yield "TrainingPool", "EpochClaimed", names | {"index": 0, "holder": PEOPLE[2], "amount": amount}
            else:
                yield "TrainingPool", "EpochCarried", names | {"amount": 0}
