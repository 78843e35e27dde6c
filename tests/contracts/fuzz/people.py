"""The world that the fuzzer plays in: honest people, accounts with code, a rogue with every role, and many works."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from contrafact.domain import merkle
from contrafact.domain.allow_list import AllowList
from contrafact.domain.prices import TokenPrice, Use
from contrafact.domain.shares import PPM
from contrafact.domain.splits import HolderLeaf, Split
from contrafact.domain.terms import Terms

from ..chain import NATIVE, Contract
from ..consents import Leaf, licence
from ..disputes import DisputeWorld
from ..evm import Evm
from ..hostile import Reaction, puppet
from ..world import DAY, digest
from .money import Money
from .rights import NO_WORK, Rights, Work

RICHES = 10**30
BONDS = 3 * 10**13, 3 * 10**7  # of rogue and boss: enough for many orders, for a few
PRICES = (
    (0, 0, 0, 0),
    (1, 2, 3, 5),
    (7, 3, 9, 1),
    (1_000_000, 2_500_000, 4_000_000, 8_000_000),
    (999_999_999_989,) * 4,
)
BASE_RATES = (0, 1, 500_000)
GOOD, BARE, STALE, FORETOLD, ABSENT = "consent", "no terms", "replaced before", "foretold", "never registered"


class FuzzWorld(DisputeWorld):
    """`rogue` is an operator, a maker, a licensor and a holder at once; `mute` has allowed nothing, so that others send
    its orders; `doll` is a maker and holder with code, `boss` an operator with code; `thief` has no role at all.
    """

    chain: Evm

    def __init__(self, chain: Evm) -> None:
        super().__init__(chain)
        self.rogue, self.thief, self.deputy = self.licensor2, self.relayer, self.holders[3]
        self.doll, self.boss = (puppet(self, owner=self.deployer) for _ in range(2))
        (self.mute,) = self.strangers(1)
        self.tokens = (self.usd.address, self.quirky.address, NATIVE)
        self.makers = (self.maker, self.rogue, self.doll.address, self.doll.address, self.mute)
        self.operators = (self.operator, self.rogue, self.boss.address)
        self.cast = {
            "deployer": self.deployer, "maker": self.maker, "operator": self.operator, "licensor": self.licensor,
            "rogue": self.rogue, "thief": self.thief, "doll": self.doll.address, "boss": self.boss.address,
            "mute": self.mute, "claimant": self.claimant, "rival": self.rival,
            **{f"holder {i}": holder for i, holder in enumerate(self.holders)},
            "escrow": self.escrow.address, "desk": self.desk.address, "pool": self.training.address,
        }  # fmt: skip
        self.dolls = {self.doll.address: self.doll, self.boss.address: self.boss}
        self._endow()
        self.works = self._works()
        self._write_manifest()
        self.models = self._models()
        self.trained = list(self.models)[:2]  # of which a leaf may be asked about; the last one earns for its pool
        self.chain.travel(self.chain.now + 1)  # what is foretold comes true after the models

    def perform(self, sender: str, target: Contract, name: str, arguments: tuple[Any, ...], value: int = 0) -> Any:
        """What to send so that `sender` calls: from, to, data. Somebody else tells accounts with code what to do."""
        data = target.data(name, *arguments)
        if sender not in self.dolls:
            return sender, target.address, data
        doll = self.dolls[sender]
        return self.thief, doll.address, doll.data("perform", target.address, data)

    def _endow(self) -> None:
        for token in (self.usd, self.quirky):
            for who in {*self.makers, *self.operators, self.claimant, self.rival, self.thief} - {self.mute}:
                token.send(self.deployer, "mint", who, RICHES)
                for contract in (self.escrow, self.desk):
                    self.chain.transact(*self.perform(who, token, "approve", (contract.address, 2**256 - 1)))
        self.usd.send(self.deployer, "mint", self.mute, RICHES)
        for token in self.tokens:
            for who, bond in zip(self.operators[1:], BONDS, strict=True):
                value = bond if token == NATIVE else 0
                self.escrow.send(self.thief, "depositBond", who, token, bond, value=value)

    def _models(self) -> dict[bytes, tuple[Split, dict[str, tuple[int, int]]]]:
        """Models with their pools' splits, and (rate, sunset) by token; those of the operator pay the training pool."""
        models = {}
        for number, rate in enumerate(BASE_RATES):
            pool = Split.of([(self.training.address, PPM)]) if rate else self.pool
            sunset = self.chain.now + 400 * DAY if rate == 1 else 0
            manifest = merkle.root([leaf.value for leaf in self.leaves.values()])
            model_id = self.register_model(pool, 500 + number, rate, sunset, manifest)
            models[model_id] = pool, dict.fromkeys(self.tokens, (rate, sunset))
        return models

    def _write_manifest(self) -> None:
        """What all models learnt from, by what there is to say of it; `wording` has the split and words of each."""
        good, bare, stale, foretold, *_ = self.works.values()
        self.foretold = self.terms(max_weight=999_999)
        terms = {GOOD: good.terms, BARE: None, STALE: stale.terms, FORETOLD: self.foretold, ABSENT: self.terms()}
        works = dict(zip(terms, (good, bare, stale, foretold, foretold), strict=True))
        self.wording = {
            kind: (works[kind].split.root, list(given.to_words()) if given else []) for kind, given in terms.items()
        }
        self.set_terms(stale.catalogued, self.terms())
        stale.change(stale.split, self.terms(), self.chain.now)
        self.leaves = {kind: self._leaf(kind, works[kind]) for kind in terms}
        self.chain.travel(self.chain.now + 2 * DAY)

    def _leaf(self, kind: str, work: Work) -> Leaf:
        registrant = self.thief if kind == ABSENT else work.licensor
        return Leaf(registrant, self.contents[work.work_id], licence(*self.wording[kind]))

    def manifest_proof(self, kind: str) -> list[bytes]:
        return list(merkle.proof([leaf.value for leaf in self.leaves.values()], self.leaves[kind].value))

    def _works(self) -> dict[bytes, Work]:
        self.contents: dict[bytes, bytes] = {}
        a, b, c, *_ = self.holders
        rows = [
            (self.licensor, Split.of([(a, PPM)])),
            (self.licensor, Split.of([(self.doll.address, 500_000), (b, 499_999), (self.rogue, 1)])),
            (self.rogue, Split.of([(self.rogue, 333_333), (a, 1), (c, 666_666)])),
            (self.rogue, self.fat_split),
            (self.rogue, self.twin_split),
        ]
        works = [self._work(i, who, split) for i, (who, split) in enumerate(rows)]
        works.append(self._work(50, self.licensor, Split.of([(b, 1), (c, 999_999)]), works[0].work_id))
        return {work.work_id: work for work in works}

    def _work(self, number: int, licensor: str, split: Split, song: bytes = NO_WORK) -> Work:
        work_id = self.register(800 + number, split, licensor, song)
        self.contents[work_id] = digest(800 + number)
        work = Work(work_id, licensor, split, Terms.opted_out(), song, [self.catalogue.get("licenceOf", work_id, 1)])
        terms = self.terms(prices=self.priced(PRICES[number % len(PRICES)]), downstream=number % 4 * 150_000)
        self.set_terms(work.catalogued, terms)
        work.change(split, terms, self.chain.now)
        return work

    def priced(self, prices: tuple[int, ...]) -> tuple[TokenPrice, ...]:
        return tuple(TokenPrice(token, prices) for token in self.tokens)  # type: ignore[arg-type]

    @property
    def fat_split(self) -> Split:
        """Of two holders whose shares are more than the whole."""
        return Split((HolderLeaf(0, self.rogue, 600_000), HolderLeaf(1, self.doll.address, 600_000)))

    @property
    def twin_split(self) -> Split:
        """Of two holders in one place."""
        return Split((HolderLeaf(0, self.rogue, 400_000), HolderLeaf(0, self.doll.address, 600_000)))

    def choice_of_terms(self, rng: Any, odd: bool = False) -> Terms:
        """Mostly such that orders are possible, unless they shall be `odd`."""
        terms = self.terms(prices=self.priced(rng.choice(PRICES)), downstream=rng.choice((0, 1, 333_333, 500_000)))
        oddities: list[dict[str, Any]] = [
            {"inference": False}, {"uses": frozenset({Use.PRIVATE, Use.COMMERCIAL})}, {"max_weight": 400_000},
            {"combinable": False}, {"approval": True}, {"prices": terms.prices[:1]},
            {"valid_until": self.chain.now + 3 * DAY}, {"allow": AllowList.of(operators=[self.operator])},
        ]  # fmt: skip
        return replace(terms, **rng.choice(oddities)) if odd or rng.random() < 0.6 else terms

    def purse(self) -> Money:
        """The model's purse as the chain has it now."""
        everybody = self.cast.values()
        return Money(
            quirky=self.quirky.address,
            escrow=self.escrow.address,
            pool=self.training.address,
            contracts={self.escrow.address, self.desk.address, self.training.address},
            dolls=dict.fromkeys(self.dolls, Reaction.ACCEPT),
            silent={self.mute, *self.holders, self.licensor, self.deployer},
            balances={(token, who): self.balance(token, who) for token in self.tokens for who in everybody},
        )

    def rights(self) -> Rights:
        works = {key: replace(work, licences=list(work.licences)) for key, work in self.works.items()}
        rates = {(m, pool.root, token): rate for m, (pool, rows) in self.models.items() for token, rate in rows.items()}
        return Rights(works, rates)


@lru_cache
def world_with(codes: tuple[tuple[str, str], ...] = ()) -> FuzzWorld:
    """One world for all runs with the same code: `codes` are pairs of a contract's name and another code for it."""
    return FuzzWorld(Evm(dict(codes), second=0))


def digests(number: int) -> tuple[bytes, bytes, bytes]:
    return digest(number), digest(number + 1), digest(number + 2)
