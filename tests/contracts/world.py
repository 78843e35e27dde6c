"""A world to test in: all contracts deployed, three works of two licensors, a model, a maker with money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eth_account import Account as Keys
from eth_typing import HexAddress, HexStr
from eth_utils import to_checksum_address
from web3.types import Nonce
from web3.utils.address import get_create_address

from contrafact.domain.commits import Commit
from contrafact.domain.confirmations import confirmation_message
from contrafact.domain.grants import grants
from contrafact.domain.orders import Quote, Source, commit_message, order_id, quote_message
from contrafact.domain.prices import TokenPrice, Use
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms
from contrafact.domain.typed_data import Eip712Domain

from .chain import NATIVE, Chain, Contract, Event, Receipt

DAY = 86_400
SALT = b"\x5a" * 32
PRICES = (1_000_000, 2_500_000, 4_000_000, 8_000_000)
MANIFEST = bytes(31) + b"N"  # of works that nobody asks about
EQUAL = (0, PPM, bytes(32))  # the `PoolTerms` struct: the pool's rule, without a cap


@dataclass(frozen=True)
class Deal:
    """A funded or fundable order: what `fund` takes."""

    quote: Quote
    terms: tuple[Terms, ...]
    signature: bytes
    order_id: bytes
    salt: bytes = SALT
    approvals: Mapping[bytes, bytes] = field(default_factory=dict)

    def to_abi(self) -> tuple[Any, ...]:
        given = grants(self.quote, self.terms, self.approvals)
        words = [list(terms.to_words()) for terms in self.terms]
        return self.quote.to_abi(), words, [grant.to_abi() for grant in given], self.salt, self.signature

    def refundable(self) -> tuple[Any, ...]:
        """The `Deal` struct."""
        quote = self.quote
        return self.order_id, self.salt, quote.maker, quote.to_abi()[1], quote.token, quote.escrow


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
        self._deploy()
        self.domain = Eip712Domain(self._chain_id(), self.escrow.address)
        self.pool = Split.of([(self.licensor, 400_000), (self.licensor2, 600_000)])
        self._nonce = 0
        self.model_id = self.model(500_000)
        self.catalogue_works = self._catalogue()
        for token in (self.usd, self.quirky):
            for who in (self.maker, self.operator):
                token.send(self.deployer, "mint", who, 10**30)
                token.send(who, "approve", self.escrow.address, 2**256 - 1)
            self.escrow.send(self.operator, "depositBond", self.operator, token.address, 10**29)
        self.escrow.send(self.operator, "depositBond", self.operator, NATIVE, 10**20, value=10**20)

    def _deploy(self) -> None:
        """All contracts. What later contracts are at is known before, as in `contrafact deploy`."""
        chain = self.chain
        self.authority = chain.deploy("Authority", self.deployer)
        self.usd = chain.deploy("TestDollar")
        self.quirky = chain.deploy("QuirkyToken")
        recovery, desk = self._address_after(2), self._address_after(3)
        self.catalogue = chain.deploy("Catalogue", desk)
        self.escrow = chain.deploy("GenerationEscrow", self.catalogue.address, desk, recovery, self.authority.address)
        self.recovery = chain.deploy("HolderRecovery", self.catalogue.address, self.escrow.address)
        self.desk_address = desk

    def _address_after(self, deployments: int) -> str:
        """Where the deployer's contract will be that follows so many others from now on."""
        nonce = Nonce(self.chain.nonce(self.deployer) + deployments)
        return str(to_checksum_address(get_create_address(HexAddress(HexStr(self.deployer)), nonce)))

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

    def register(self, content: int, split: Split, licensor: str, recording_of: bytes = bytes(32)) -> bytes:
        digests = (digest(content), digest(content + 1000), digest(content + 2000))
        receipt = self.catalogue.send(licensor, "register", (*digests, split.root, recording_of))
        return bytes(self.event(receipt, "WorkRegistered").args["workId"])

    def set_terms(self, work: Catalogued, terms: Terms) -> Catalogued:
        receipt = self.catalogue.send(work.licensor, "setTerms", work.work_id, work.split.root, list(terms.to_words()))
        return replace(work, terms=terms, version=self.event(receipt, "TermsSet").args["version"])

    def change_split(self, work: Catalogued, split: Split) -> Catalogued:
        words = list(work.terms.to_words())
        receipt = self.catalogue.send(work.licensor, "changeSplit", work.work_id, split.root, digest(9), words)
        return replace(work, split=split, version=self.event(receipt, "TermsSet").args["version"])

    def terms(self, **changes: Any) -> Terms:
        """Terms that permit everything, for test dollars, the quirky token and native coin."""
        tokens = (self.usd.address, self.quirky.address, NATIVE)
        prices = tuple(TokenPrice(token, PRICES) for token in tokens)
        terms = Terms(True, True, frozenset(Use), True, PPM, 0, 0, 0, prices)
        return replace(terms, **changes)

    def model(self, base_rate: int) -> bytes:
        """A model that costs `base_rate` in each token; registered when it is first asked for."""
        weights = 10_000 + base_rate
        model_id = bytes(self.catalogue.get("modelIdOf", self.operator, digest(weights)))
        offered, *_ = self.catalogue.get("baseRateOf", model_id, self.pool.root, self.usd.address)
        return model_id if offered else self.register_model(self.pool, weights, base_rate)

    def register_model(
        self, pool: Split, weights: int = 77, base_rate: int = 500_000, sunset: int = 0, manifest: bytes = MANIFEST
    ) -> bytes:
        rates = [(token, base_rate) for token in (self.usd.address, self.quirky.address, NATIVE)]
        arguments = (digest(weights), manifest, pool.root, digest(79), sunset, rates, EQUAL)
        receipt = self.catalogue.send(self.operator, "registerModel", *arguments)
        return bytes(self.event(receipt, "ModelRegistered").args["modelId"])

    # Orders

    def quote(self, works: Sequence[Catalogued] | None = None, token: str | None = None, **changes: Any) -> Quote:
        """An offer over `works` (all three by default) with even weights, an hour to fund and a day to deliver."""
        works = self.catalogue_works if works is None else works
        token = token or self.usd.address
        use = changes.get("use", Use.COMMERCIAL)
        base_rate = changes.get("base_rate", 500_000)
        weights = even(len(works))
        sources = tuple(
            self.source(work, weight, use, token, weight // 4) for work, weight in zip(works, weights, strict=True)
        )
        self._nonce += 1
        quote = Quote(
            maker=self.maker,
            operator=self.operator,
            model_id=changes.get("model_id") or self.model(base_rate),
            pool_root=self.pool.root,
            token=token,
            use=use,
            duration=95,
            request_digest=digest(1),
            seed_commitment=digest(2),
            base_rate=base_rate,
            operator_fee=250_000,
            max_base_share=400_000,
            valid_until=self.chain.now + 3600,
            deadline=self.chain.now + DAY,
            nonce=self._nonce,
            sources=sources,
        )
        return replace(quote, **changes)

    def source(self, work: Catalogued, weight: int, use: Use, token: str, min_share: int = 0, **more: Any) -> Source:
        """The work as an order pins it; `through=` for the composition of a recording."""
        price = _price(work.terms, use, token)
        root, downstream = work.split.root, work.terms.downstream
        return Source(work.work_id, work.version, root, weight, min_share, price, downstream, **more)

    def deal(self, quote: Quote, terms: Sequence[Terms] | None = None, signer: str | None = None) -> Deal:
        """The offer signed by its operator (or by `signer`), with the terms in force."""
        if terms is None:
            known = {work.work_id: work.terms for work in self.catalogue_works}
            terms = [known.get(source.work_id, self.terms()) for source in quote.sources]
        message = quote_message(quote, self.domain)
        signature = self.chain.keys[signer or quote.operator].sign_message(message).signature
        return Deal(quote, tuple(terms), bytes(signature), order_id(quote, self.domain))

    def fund(self, deal: Deal, sender: str | None = None, value: int | None = None) -> Receipt:
        native = deal.quote.escrow if deal.quote.token == NATIVE else 0
        paid = native if value is None else value
        return self.escrow.send(sender or deal.quote.maker, "fund", *deal.to_abi(), value=paid)

    def funded(self, quote: Quote | None = None, **changes: Any) -> Deal:
        deal = self.deal(quote or self.quote(**changes))
        self.fund(deal)
        return deal

    def commit_of(self, deal: Deal, base: int = 100_000, shares: Sequence[int] | None = None, **changes: Any) -> Commit:
        shares = shares or even(len(deal.quote.inference_set), PPM - base)
        digests, duration = (digest(5), digest(6), digest(7)), deal.quote.duration
        return replace(Commit(deal.order_id, *digests, duration, base, tuple(shares)), **changes)

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
        return self.escrow.send(sender or self.relayer, "refund", deal.refundable())

    def status(self, deal: Deal) -> str:
        return ("none", "funded", "committed", "refunded")[self.escrow.get("statusOf", deal.order_id)]

    # Money

    def balance(self, token: str, address: str) -> int:
        if token == NATIVE:
            return self.chain.balance(address)
        return int((self.usd if token == self.usd.address else self.quirky).get("balanceOf", address))

    def earn(self, split: Split, amount: int, token: str | None = None, content: int = 500) -> Catalogued:
        """A work that has just earned exactly `amount`, or more where it earned before; nobody has confirmed."""
        token = token or self.usd.address
        row = TokenPrice(token, (amount,) * 4)
        work = self.catalogued(content, split, self.licensor, self.terms(prices=(row,)))
        quote = self.quote([work], token, duration=30, base_rate=0, operator_fee=0)
        deal = self.deal(quote, [work.terms])
        self.fund(deal)
        self.commit(deal, self.commit_of(deal, 0, [PPM]))
        return work

    def confirm(self, work: Catalogued, token: str | None = None, *indices: int) -> Receipt:
        """The holders of these places (by default of all) confirm them by signature."""
        leaves = [work.split.leaves[i] for i in indices or range(len(work.split.leaves))]
        messages = [confirmation_message(work.work_id, work.split.root, leaf, self.domain) for leaf in leaves]
        pairs = zip(leaves, messages, strict=True)
        signatures = [bytes(self.chain.keys[leaf.holder].sign_message(m).signature) for leaf, m in pairs]
        claims = [self.claim_of(work, leaf.index, token) for leaf in leaves]
        return self.escrow.send(self.relayer, "confirm", claims, signatures)

    def strangers(self, count: int) -> list[str]:
        """Addresses whose keys the chain's tests know, and that have never done anything."""
        keys = [Keys.from_key((10**6 + i).to_bytes(32)) for i in range(count)]
        self.chain.keys |= {key.address: key for key in keys}
        return [key.address for key in keys]

    def claim_of(self, work: Catalogued, index: int, token: str | None = None) -> tuple[Any, ...]:
        """The `Claim` struct of holder `index`."""
        return claim(work.work_id, work.split, token or self.usd.address, index)

    def event(self, receipt: Receipt, name: str) -> Event:
        (event,) = self.chain.events(receipt, name)
        return event


class RuledWorld(World):
    """A world whose dispute desk is an account, so that a test can say what the desk says."""

    def _deploy(self) -> None:
        super()._deploy()
        chain, desk = self.chain, self.chain.accounts[9]
        recovery = self._address_after(2)
        self.catalogue = chain.deploy("Catalogue", desk)
        self.escrow = chain.deploy("GenerationEscrow", self.catalogue.address, desk, recovery, self.authority.address)
        self.recovery = chain.deploy("HolderRecovery", self.catalogue.address, self.escrow.address)
        self.desk_address = desk


def release(cap: int, to: bytes, ppm: int, own: int = 2**256 - 1, others: int = 2**256 - 1) -> tuple[Any, ...]:
    """The `Release` struct; unless given, the contest and the others began before any money came in."""
    return cap, own, others, to, ppm


def claim(beneficiary: bytes, split: Split, token: str, index: int) -> tuple[Any, ...]:
    leaf = split.leaves[index]
    steps = [step.to_abi() for step in split.proof(index)]
    return (beneficiary, split.root, token), leaf.to_abi(), steps


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
