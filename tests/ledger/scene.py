"""A scene to test on: the contracts on a real EVM behind JSON-RPC, three works of two licensors, a model."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from eth_account.signers.local import LocalAccount

from contrafact.domain.digests import sha256
from contrafact.domain.history import Claim
from contrafact.domain.models import ModelMetadata, pool_split
from contrafact.domain.orders import Commit, Quote, Source, order_id
from contrafact.domain.splits import Split
from contrafact.domain.terms import NATIVE, Terms, TokenPrice, Use
from contrafact.domain.works import WorkMetadata
from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment import deploy
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.reader import Reader
from contrafact.ledger.signing import sign_commit, sign_confirmation, sign_quote
from contrafact.ledger.writer import Writer

SALT = sha256(b"salt")
BASE_RATE, FEE, BOND = 700, 90, 10**6
ROLES = ("deployer", "maker", "operator", "bach", "anon", "composer", "arranger", "publisher", "trainer", "stranger")


@dataclass(frozen=True)
class Deal:
    """A quote as its operator hands it out: signed, with the pinned terms."""

    quote: Quote
    signature: bytes
    terms: tuple[Terms, ...]
    order_id: bytes

    def fund_arguments(self) -> tuple[Quote, bytes, bytes, tuple[Terms, ...]]:
        return self.quote, self.signature, SALT, self.terms


class Scene:
    def __init__(self, connection: Connection, keys: Sequence[LocalAccount]) -> None:
        """`keys` are of accounts with coins, one for each role."""
        self.connection = connection
        self.keys = dict(zip(ROLES, keys, strict=True))
        self.deployment = deploy(self.connection, self.keys["deployer"])
        self.reader = Reader(self.connection, self.deployment)
        self.dollar = self.deployment.test_dollar or ""
        self.tokens = (NATIVE, self.dollar)
        self.metadata = self._metadata()
        self.terms = self._terms()
        self.works = [
            self.writer(who).register_work(metadata)[0]
            for who, metadata in zip(("bach", "bach", "anon"), self.metadata, strict=True)
        ]
        for i in range(3):
            self.set_terms(i, self.terms[i])
        digests = (sha256(b"weights"), sha256(b"generator"), sha256(b"manifest"), sha256(b"manifest's document"))
        self.model = ModelMetadata("toy", *digests, 3)
        self.pool = pool_split(self.deployment.contracts["TrainingPool"])
        self.model_id = self.writer("operator").register_model(self.model, dict.fromkeys(self.tokens, BASE_RATE))[0]
        for role in ("maker", "operator"):
            self.writer("deployer").mint_dollars(self.address(role), 10**9)
        for token in self.tokens:
            self.writer("operator").deposit_bond(token, BOND)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What happens on the chain inside is taken back afterwards."""
        request = self.connection.web3.provider.make_request
        snapshot = request("evm_snapshot", [])["result"]  # type: ignore[arg-type]
        yield
        request("evm_revert", [snapshot])  # type: ignore[arg-type]

    def elsewhere(self, **contracts: str | None) -> Deployment:
        """The deployment with these contracts at other addresses, or without them."""
        changed = {**self.deployment.contracts, **contracts}
        return replace(self.deployment, contracts={name: place for name, place in changed.items() if place})

    def address(self, role: str) -> str:
        return str(self.keys[role].address)

    def writer(self, role: str) -> Writer:
        return Writer(self.connection, self.deployment, self.keys[role])

    def split(self, *roles: str, shares: Sequence[int] = (1_000_000,)) -> Split:
        return Split.of([(self.address(role), share) for role, share in zip(roles, shares, strict=True)])

    def set_terms(self, work: int, terms: Terms) -> int:
        """A new version of a work's terms by its licensor, with the split that it has."""
        who = ("bach", "bach", "anon")[work]
        return self.writer(who).set_terms(self.works[work], self.metadata[work].split.root, terms)[0]

    def confirm(self, *claims: Claim) -> None:
        """The holders of these places confirm them by signature; somebody else sends that."""
        keys = {key.address: key for key in self.keys.values()}
        domain = self.deployment.domain
        signatures = [
            sign_confirmation(keys[claim.leaf.holder], claim.beneficiary, claim.split_root, claim.leaf, domain)
            for claim in claims
        ]
        self.writer("stranger").confirm(claims, signatures)

    def now(self) -> int:
        """The time of the next block: that of the newest may be long ago, for its changes are undone."""
        return max(self.reader.timestamp(), int(time.time()))

    def pass_time(self, seconds: int) -> None:
        """At least so many seconds after the newest block, which a burst may have put ahead of the node's clock."""
        then = self.now() + seconds
        while (left := then - self.now()) > 0:
            self.connection.web3.provider.make_request("evm_increaseTime", [hex(left)])  # type: ignore[arg-type]
            self.connection.web3.provider.make_request("evm_mine", [])  # type: ignore[arg-type]

    def allowance(self) -> int:
        """How many dollars the escrow may take from the maker."""
        dollar = self.connection.contract("TestDollar", self.dollar)
        return int(self.connection.call(dollar.functions.allowance(self.address("maker"), self.deployment.escrow)))

    def approve(self, amount: int) -> None:
        dollar = self.connection.contract("TestDollar", self.dollar)
        self.connection.send(dollar.functions.approve(self.deployment.escrow, amount), self.keys["maker"])

    def deal(self, token: str = NATIVE, works: Sequence[int] = (0, 1, 2), **changes: Any) -> Deal:
        """A signed quote for these works at equal weights (the first takes the rest); `changes` replace its fields."""
        chosen = sorted(works, key=lambda i: self.works[i])
        weights = [1_000_000 // len(works)] * len(works)
        weights[0] += 1_000_000 - sum(weights)
        sources = tuple(self._source(i, token, weight) for i, weight in zip(chosen, weights, strict=True))
        quote = replace(self._quote(token, sources), **changes)
        terms = tuple(self.terms[i] for i in chosen)
        return self.signed(quote, terms)

    def signed(self, quote: Quote, terms: tuple[Terms, ...]) -> Deal:
        domain = self.deployment.domain
        return Deal(quote, sign_quote(self.keys["operator"], quote, domain), terms, order_id(quote, domain))

    def commit(self, deal: Deal, base: int = 100_000) -> tuple[Commit, bytes]:
        """A commit that keeps the deal's bounds, and the operator's signature of it."""
        count = len(deal.quote.sources)
        shares = [(1_000_000 - base) // count] * count
        shares[-1] += 1_000_000 - base - sum(shares)
        digests = (sha256(b"record"), sha256(b"output"), sha256(b"evidence"))
        commit = Commit(deal.order_id, *digests, deal.quote.duration, base, tuple(shares))
        return commit, sign_commit(self.keys["operator"], commit, self.deployment.domain)

    def settle(self, deal: Deal) -> Commit:
        """Funds the deal and commits it."""
        self.writer("maker").fund(*deal.fund_arguments())
        commit, signature = self.commit(deal)
        self.writer("stranger").commit(deal.quote, SALT, commit, signature)
        return commit

    def claim(self, work: int, index: int, token: str = NATIVE) -> Claim:
        split = self.metadata[work].split
        return Claim(self.works[work], split.root, token, split.leaves[index], split.proof(index))

    def pool_claim(self, token: str = NATIVE) -> Claim:
        split = self.pool
        return Claim(self.model_id, split.root, token, split.leaves[0], split.proof(0))

    def _metadata(self) -> list[WorkMetadata]:
        three = self.split("composer", "arranger", "publisher", shares=(500_000, 333_333, 166_667))
        splits = (self.split("composer"), three, self.split("arranger", "publisher", shares=(400_000, 600_000)))
        return [
            WorkMetadata(
                f"Tune {i}", f"T{i}", "Tunes", ("trad.",), "text/vnd.abc", sha256(b"c%d" % i), sha256(b"s%d" % i), split
            )
            for i, split in enumerate(splits)
        ]

    def _terms(self) -> list[Terms]:
        base = Terms(True, True, frozenset(Use), True, 1_000_000, 0, 0, 5, ())
        return [replace(base, prices=self._prices(1_000 + 371 * i)) for i in range(3)]

    def _prices(self, price: int) -> tuple[TokenPrice, ...]:
        row = (price, 2 * price, 3 * price, 4 * price)
        return TokenPrice(NATIVE, row), TokenPrice(self.dollar, row)

    def _source(self, i: int, token: str, weight: int) -> Source:
        root, price = self.metadata[i].split.root, self.terms[i].price(Use.COMMERCIAL, token)
        return Source(self.works[i], 2, root, weight, weight // 4, price)

    def _quote(self, token: str, sources: tuple[Source, ...]) -> Quote:
        now = self.now()
        return Quote(
            maker=self.address("maker"),
            operator=self.address("operator"),
            model_id=self.model_id,
            pool_root=self.pool.root,
            token=token,
            use=Use.COMMERCIAL,
            duration=75,
            request_digest=sha256(b"request"),
            seed_commitment=sha256(b"commitment"),
            base_rate=BASE_RATE,
            operator_fee=FEE,
            max_base_share=250_000,
            valid_until=now + 600,
            deadline=now + 3_600,
            nonce=7,
            sources=sources,
        )
