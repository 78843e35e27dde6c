"""A world to test in: all contracts deployed, three works of two licensors, a model, a maker with money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from contrafact.domain.orders import Commit, Eip712Domain, Quote, Source, commit_message, quote_message
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, TokenPrice, Use

from .chain import NATIVE, Chain, Contract, Event, Receipt

DAY = 86_400
SALT = b"\x5a" * 32
PRICES = (1_000_000, 2_500_000, 4_000_000, 8_000_000)


@dataclass(frozen=True)
class Deal:
    """A funded or fundable order: what `fund` takes."""

    quote: Quote
    terms: tuple[Terms, ...]
    signature: bytes
    order_id: bytes
    salt: bytes = SALT

    def to_abi(self) -> tuple[Any, ...]:
        return self.quote.to_abi(), self.signature, self.salt, [terms.to_abi() for terms in self.terms]


@dataclass(frozen=True)
class Catalogued:
    """A work with its current terms and split."""

    work_id: bytes
    licensor: str
    split: Split
    terms: Terms
    version: int = 1


class World:
    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.deployer, self.maker, self.operator, self.licensor, self.licensor2, self.relayer = chain.accounts[:6]
        self.holders = chain.accounts[6:]
        self.works = chain.deploy("WorkRegistry")
        self.licensing = chain.deploy("Licensing", self.works.address)
        self.models = chain.deploy("ModelRegistry")
        self.escrow = chain.deploy("GenerationEscrow", self.licensing.address, self.models.address)
        self.usd = chain.deploy("TestDollar")
        self.quirky = chain.deploy("QuirkyToken")
        self.domain = Eip712Domain(self._chain_id(), self.escrow.address)
        self.pool = Split.of([(self.licensor, 400_000), (self.licensor2, 600_000)])
        self.model_id = self.register_model(self.pool)
        self.catalogue = self._catalogue()
        for token in (self.usd, self.quirky):
            token.send(self.deployer, "mint", self.maker, 10**30)
            token.send(self.maker, "approve", self.escrow.address, 2**256 - 1)
        self._nonce = 0

    def _chain_id(self) -> int:
        return int(self.escrow.get("eip712Domain")[3])

    # Works, terms, models

    def _catalogue(self) -> list[Catalogued]:
        a, b, c = self.holders[:3]
        rows = (
            ([(a, PPM)], self.licensor),
            ([(a, 500_000), (b, 500_000)], self.licensor),
            ([(a, 1), (b, 333_333), (c, 666_666)], self.licensor2),
        )
        works = [self.catalogued(i + 1, Split.of(split), who) for i, (split, who) in enumerate(rows)]
        return sorted(works, key=lambda work: work.work_id)

    def catalogued(self, content: int, split: Split, licensor: str, terms: Terms | None = None) -> Catalogued:
        """Registers a work with terms."""
        work_id = self.register(content, split, licensor)
        return self.set_terms(Catalogued(work_id, licensor, split, terms or self.terms(), 0), terms or self.terms())

    def register(self, content: int, split: Split, licensor: str) -> bytes:
        digests = (digest(content), digest(content + 1000), digest(content + 2000))
        receipt = self.works.send(licensor, "register", *digests, split.root)
        return bytes(self.event(receipt, "WorkRegistered").args["workId"])

    def set_terms(self, work: Catalogued, terms: Terms) -> Catalogued:
        receipt = self.licensing.send(work.licensor, "setTerms", work.work_id, terms.to_abi())
        return replace(work, terms=terms, version=self.event(receipt, "TermsSet").args["version"])

    def terms(self, **changes: Any) -> Terms:
        """Terms that permit everything, for test dollars, the quirky token and native coin."""
        tokens = (self.usd.address, self.quirky.address, NATIVE)
        prices = tuple(TokenPrice(token, PRICES) for token in tokens)
        terms = Terms(True, True, frozenset(Use), True, PPM, 0, 0, 0, prices)
        return replace(terms, **changes)

    def register_model(self, pool: Split, weights: int = 77) -> bytes:
        arguments = (digest(weights), digest(78), pool.root, 500_000, self.usd.address, digest(79))
        receipt = self.models.send(self.operator, "register", *arguments)
        return bytes(self.event(receipt, "ModelRegistered").args["modelId"])

    # Orders

    def quote(self, works: Sequence[Catalogued] | None = None, token: str | None = None, **changes: Any) -> Quote:
        """An offer over `works` (all three by default) with even weights, an hour to fund and a day to deliver."""
        works = self.catalogue if works is None else works
        token = token or self.usd.address
        use = changes.get("use", Use.COMMERCIAL)
        weights = even(len(works))
        sources = tuple(
            Source(work.work_id, work.version, work.split.root, weight, weight // 4, _price(work.terms, use, token))
            for work, weight in zip(works, weights, strict=True)
        )
        self._nonce += 1
        quote = Quote(
            self.maker, self.operator, self.model_id, token, use, 95, digest(1), digest(2), 500_000, 250_000, 400_000,
            self.chain.now + 3600, self.chain.now + DAY, self._nonce, sources,
        )  # fmt: skip
        return replace(quote, **changes)

    def deal(self, quote: Quote, terms: Sequence[Terms] | None = None, signer: str | None = None) -> Deal:
        """The offer signed by its operator (or by `signer`), with the terms in force."""
        if terms is None:
            known = {work.work_id: work.terms for work in self.catalogue}
            terms = [known.get(source.work_id, self.terms()) for source in quote.sources]
        message = quote_message(quote, self.domain)
        signature = self.chain.keys[signer or quote.operator].sign_message(message).signature
        order_id = bytes(self.escrow.get("orderIdOf", quote.to_abi()))
        return Deal(quote, tuple(terms), bytes(signature), order_id)

    def fund(self, deal: Deal, sender: str | None = None, value: int | None = None) -> Receipt:
        native = deal.quote.escrow if deal.quote.token == NATIVE else 0
        paid = native if value is None else value
        return self.escrow.send(sender or deal.quote.maker, "fund", *deal.to_abi(), value=paid)

    def funded(self, quote: Quote | None = None, **changes: Any) -> Deal:
        deal = self.deal(quote or self.quote(**changes))
        self.fund(deal)
        return deal

    def commit_of(self, deal: Deal, base: int = 100_000, shares: Sequence[int] | None = None, **changes: Any) -> Commit:
        shares = shares or even(len(deal.quote.sources), PPM - base)
        return replace(Commit(deal.order_id, digest(5), digest(6), digest(7), base, tuple(shares)), **changes)

    def sign_commit(self, commit: Commit, signer: str | None = None) -> bytes:
        key = self.chain.keys[signer or self.operator]
        return bytes(key.sign_message(commit_message(commit, self.domain)).signature)

    def commit(self, deal: Deal, commit: Commit | None = None, signature: bytes | None = None, **more: Any) -> Receipt:
        """Sends the commit (by default one with a base share of 10 % and even shares) from the relayer."""
        commit = commit or self.commit_of(deal)
        signature = self.sign_commit(commit) if signature is None else signature
        sender = more.pop("sender", self.relayer)
        return self.escrow.send(sender, "commit", deal.quote.to_abi(), deal.salt, commit.to_abi(), signature, **more)

    def refund(self, deal: Deal, sender: str | None = None) -> Receipt:
        return self.escrow.send(sender or self.relayer, "refund", deal.quote.to_abi(), deal.salt)

    def status(self, deal: Deal) -> str:
        return ("none", "funded", "committed", "refunded")[self.escrow.get("statusOf", deal.order_id)]

    # Money

    def balance(self, token: str, address: str) -> int:
        if token == NATIVE:
            return self.chain.balance(address)
        return int((self.usd if token == self.usd.address else self.quirky).get("balanceOf", address))

    def earn(self, split: Split, amount: int, token: str | None = None, content: int = 500) -> Catalogued:
        """A work that has just earned exactly `amount`, or more where it earned before."""
        token = token or self.usd.address
        row = TokenPrice(token, (amount,) * 4)
        work = self.catalogued(content, split, self.licensor, self.terms(prices=(row,)))
        quote = self.quote([work], token, duration=30, base_rate=0, operator_fee=0)
        deal = self.deal(quote, [work.terms])
        self.fund(deal)
        self.commit(deal, self.commit_of(deal, 0, [PPM]))
        return work

    def claim_of(self, work: Catalogued, index: int, token: str | None = None) -> tuple[Any, ...]:
        """The `Claim` struct of holder `index`."""
        return claim(work.work_id, work.split, token or self.usd.address, index)

    def event(self, receipt: Receipt, name: str) -> Event:
        (event,) = self.chain.events(receipt, name)
        return event


def claim(beneficiary: bytes, split: Split, token: str, index: int) -> tuple[Any, ...]:
    leaf = split.leaves[index]
    steps = [(step.hash, step.sum, step.left) for step in split.proof(index)]
    return (beneficiary, split.root, token), (leaf.index, leaf.holder, leaf.share), steps


def account(work: Catalogued, contract: Contract, token: str) -> bytes:
    return bytes(contract.get("accountId", (work.work_id, work.split.root, token)))


def digest(number: int) -> bytes:
    return number.to_bytes(32, "big")


def even(count: int, whole: int = PPM) -> tuple[int, ...]:
    """`whole` in `count` parts, as even as can be."""
    return tuple(whole * (i + 1) // count - whole * i // count for i in range(count))


def _price(terms: Terms, use: Use, token: str) -> int:
    rows = {row.token: row.prices for row in terms.prices}
    return rows[token][use] if token in rows else 0
