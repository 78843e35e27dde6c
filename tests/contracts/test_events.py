"""The catalogue's whole state follows from its events: see events.tree."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from contrafact.domain import merkle
from contrafact.domain.terms import Terms

from .chain import NATIVE, Event, Reverted
from .world import DAY, EQUAL, RuledWorld, digest

ROUNDS = 8  # of every kind of call
Words = tuple[bytes, ...]
Row = tuple[bytes, ...]


@dataclass(frozen=True)
class Told:
    """An event and the second of its block."""

    event: Event
    second: int


@dataclass
class Rebuilt:
    """The catalogue as its events tell it."""

    licensors: dict[bytes, str] = field(default_factory=dict)
    pending: dict[bytes, str] = field(default_factory=dict)
    compositions: dict[bytes, bytes] = field(default_factory=dict)
    licences: dict[bytes, list[int]] = field(default_factory=dict)
    contests: dict[bytes, int] = field(default_factory=dict)
    barred: set[bytes] = field(default_factory=set)
    anchors: dict[tuple[str, bytes], int] = field(default_factory=dict)
    registrants: dict[bytes, str] = field(default_factory=dict)
    pools: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)
    offers: dict[tuple[bytes, str], tuple[bool, int, int]] = field(default_factory=dict)

    def apply(self, told: Told) -> None:
        getattr(self, f"_{told.event.name}")(told.second, **told.event.args)

    def _WorkRegistered(self, second: int, **e: Any) -> None:
        work_id = e["workId"]
        self.licensors[work_id] = e["licensor"]
        self.compositions[work_id] = e["recordingOf"]
        self.licences[work_id] = [licence(e["splitRoot"], (), second)]

    def _TermsSet(self, second: int, **e: Any) -> None:
        word = licence(e["splitRoot"], tuple(e["words"]), second)
        versions = self.licences[e["workId"]]
        versions[e["version"] - 1 :] = [word]  # that of a materialised work takes the place of the registration's

    def _WorkMaterialised(self, second: int, **e: Any) -> None:
        (word,) = self.licences[e["workId"]]
        self.licences[e["workId"]] = [word >> 40 << 40 | self.anchors[e["licensor"], e["root"]]]

    def _SplitChanged(self, second: int, **e: Any) -> None:
        """The document that tells the split; no state."""

    def _LicensorTransferStarted(self, second: int, **e: Any) -> None:
        self.pending[e["workId"]] = e["to"]

    def _LicensorTransferred(self, second: int, **e: Any) -> None:
        self.licensors[e["workId"]] = e["to"]
        del self.pending[e["workId"]]

    def _ContestsChanged(self, second: int, **e: Any) -> None:
        self.contests[e["workId"]] = e["open"]

    def _WorkBarred(self, second: int, **e: Any) -> None:
        self.barred.add(e["workId"])

    def _CollectionAnchored(self, second: int, **e: Any) -> None:
        self.anchors[e["licensor"], e["root"]] = second

    def _CollectionWithdrawn(self, second: int, **e: Any) -> None:
        self.anchors[e["licensor"], e["root"]] = 0

    def _ModelRegistered(self, second: int, **e: Any) -> None:
        self.registrants[e["modelId"]] = e["registrant"]
        self.pools[e["modelId"]] = (e["poolRoot"], e["sunset"])

    def _BaseRateSet(self, second: int, **e: Any) -> None:
        _, sunset = self.pools[e["modelId"]]
        self.offers[e["modelId"], e["token"]] = (True, e["rate"], sunset)

    def _SunsetEnforced(self, second: int, **e: Any) -> None:
        offered, rate, _ = self.offers[e["modelId"], e["token"]]
        self.offers[e["modelId"], e["token"]] = (offered, rate, e["sunset"])

    _ModelStopped = _SunsetEnforced

    def _PoolRuleSet(self, second: int, **e: Any) -> None:
        """What no contract reads; no state."""

    def differs(self, world: RuledWorld) -> list[str]:
        """What the views say otherwise."""
        return [name for name, told, asked in self._rows(world.catalogue.get) if told != asked]

    def _rows(self, get: Callable[..., Any]) -> Iterable[tuple[str, Any, Any]]:
        """(what, as told, as asked for) of everything that there is."""
        for work_id, licensor in self.licensors.items():
            versions = self.licences[work_id]
            yield "licensorOf", licensor.lower(), get("licensorOf", work_id)
            yield "pendingLicensorOf", self.pending.get(work_id, NATIVE).lower(), get("pendingLicensorOf", work_id)
            yield "compositionOf", self.compositions[work_id], get("compositionOf", work_id)
            yield "currentVersion", len(versions), get("currentVersion", work_id)
            asked = [get("licenceOf", work_id, version) for version in range(len(versions) + 2)]
            yield "licenceOf", [0, *versions, 0], asked
            yield "isContested", self.contests.get(work_id, 0) > 0, get("isContested", work_id)
            yield "isBarred", work_id in self.barred, get("isBarred", work_id)
        for (licensor, root), since in self.anchors.items():
            yield "anchoredSince", since, get("anchoredSince", licensor, root)
        for model_id, registrant in self.registrants.items():
            yield "registrantOf", registrant.lower(), get("registrantOf", model_id)
        for (model_id, token), offer in self.offers.items():
            root, _ = self.pools[model_id]
            yield "baseRateOf", offer, get("baseRateOf", model_id, root, token)


def licence(split_root: bytes, words: Words, since: int) -> int:
    return int.from_bytes(keccak(split_root + b"".join(words))) % 2**216 << 40 | since


def told_by(world: RuledWorld) -> list[Told]:
    """Every event of the catalogue since its deployment, oldest first."""
    chain = world.chain
    logs = chain.logs(world.catalogue.address)
    events = chain.events({"logs": logs})
    assert len(events) == len(logs)  # each is known
    return [Told(event, log["timestamp"]) for event, log in zip(events, logs, strict=True)]


def rebuilt(history: Iterable[Told]) -> Rebuilt:
    state = Rebuilt()
    for told in history:
        state.apply(told)
    return state


class Chance:
    """Calls of the catalogue at random, refused ones among them."""

    def __init__(self, world: RuledWorld, seed: int) -> None:
        self.world = world
        self.dice = random.Random(seed)
        self.works = {work.work_id: work.licensor for work in world.catalogue_works}
        self.people = [world.licensor, world.licensor2, world.relayer]
        self.invited: dict[bytes, str] = {}
        self.collections: list[tuple[str, list[Row], Words, bytes]] = []
        self.registrations: dict[bytes, tuple[str, bytes]] = {}
        self.versions: dict[bytes, tuple[int, bytes, Words]] = {}
        self.learnt: list[tuple[bytes, bytes, str, tuple[Any, ...]]] = []
        self.refused = 0

    def play(self) -> None:
        kinds = [
            self.register, self.record, self.many, self.terms, self.split, self.offer, self.accept, self.anchor,
            self.materialise, self.withdraw, self.model, self.sunset, self.stop, self.contest, self.bar,
        ] * ROUNDS  # fmt: skip
        self.dice.shuffle(kinds)
        for kind in [self.anchor, self.materialise, self.model, *kinds]:
            self.world.chain.travel(self.world.chain.now + self.dice.randrange(1, DAY))
            self.send(*kind())

    def send(self, sender: str, name: str, *arguments: Any) -> None:
        try:
            receipt = self.world.catalogue.send(sender, name, *arguments)
        except Reverted:
            self.refused += 1
            return
        for event in self.world.chain.events(receipt):
            self.note(event.name, event.args)

    def note(self, name: str, e: dict[str, Any]) -> None:
        """What later calls need to know."""
        if name == "WorkRegistered":
            self.works[e["workId"]] = e["licensor"]
            self.registrations[e["workId"]] = (e["licensor"], e["contentDigest"])
        elif name == "LicensorTransferStarted":
            self.invited[e["workId"]] = e["to"]
        elif name == "LicensorTransferred":
            self.works[e["workId"]] = e["to"]
        elif name == "TermsSet" and e["workId"] in self.registrations:
            self.versions[e["workId"]] = (e["version"], e["splitRoot"], tuple(e["words"]))

    def new(self, recording_of: bytes = bytes(32)) -> Row:
        """A registration of something new."""
        return (*(digest(self.dice.randrange(1, 2**200)) for _ in range(4)), recording_of)

    def somebody(self) -> str:
        return self.dice.choice(self.people)

    def work(self) -> bytes:
        return self.dice.choice(list(self.works))

    def owner(self, work_id: bytes) -> str:
        """The work's licensor most often."""
        return self.works[work_id] if self.dice.random() < 0.8 else self.somebody()

    def words(self) -> Words:
        terms = self.dice.choice([Terms.opted_out(), *(self.world.terms(max_weight=w) for w in (7, 8, 10**6))])
        return replace(terms, sunset=self.world.chain.now + self.dice.randrange(1, 100 * DAY)).to_words()

    # What may be called: sender, function, arguments

    def register(self) -> tuple[Any, ...]:
        return self.somebody(), "register", self.new()

    def record(self) -> tuple[Any, ...]:
        return self.somebody(), "register", self.new(self.work())

    def many(self) -> tuple[Any, ...]:
        return self.somebody(), "registerMany", [self.new() for _ in range(3)]

    def terms(self) -> tuple[Any, ...]:
        work = self.work()
        return self.owner(work), "setTerms", work, self.new()[0], list(self.words())

    def split(self) -> tuple[Any, ...]:
        work, (root, metadata, *_) = self.work(), self.new()
        return self.owner(work), "changeSplit", work, root, metadata, list(self.words())

    def offer(self) -> tuple[Any, ...]:
        work, to = self.work(), self.dice.choice([*self.people, NATIVE])
        return self.owner(work), "transferLicensor", work, to

    def accept(self) -> tuple[Any, ...]:
        if not self.invited:
            return self.offer()
        work, to = self.dice.choice(list(self.invited.items())[-2:])
        return self.somebody() if to == NATIVE else to, "acceptLicensor", work

    def anchor(self) -> tuple[Any, ...]:
        sender, words = self.somebody(), self.words()
        rows = [self.new() for _ in range(4)]
        root = merkle.root([leaf(row, words) for row in rows])
        self.collections.append((sender, rows, words, root))
        return sender, "anchorCollection", root, digest(1)

    def materialise(self) -> tuple[Any, ...]:
        licensor, rows, words, root = self.dice.choice(self.collections)
        row = self.dice.choice(rows)
        proof = merkle.proof([leaf(other, words) for other in rows], leaf(row, words))
        return self.somebody(), "materialise", licensor, root, row, list(words), list(proof)

    def withdraw(self) -> tuple[Any, ...]:
        licensor, _, _, root = self.dice.choice(self.collections)
        return licensor, "withdrawCollection", root

    def model(self) -> tuple[Any, ...]:
        """A model that learnt from one work."""
        work = self.dice.choice(list(self.versions))
        registrant, content = self.registrations[work]
        tokens = self.dice.sample([NATIVE, self.world.usd.address, self.world.quirky.address], 2)
        rates = [(token, self.dice.randrange(2**96)) for token in tokens]
        sunset = self.dice.choice([0, self.world.chain.now + 200 * DAY])
        sender, (weights, pool, metadata, *_) = self.somebody(), self.new()
        model_id = self.world.catalogue.get("modelIdOf", sender, weights)
        version, root, words = self.versions[work]
        self.learnt.append((model_id, pool, tokens[0], (registrant, content, version, root, words)))
        consent = encode(["address", "bytes32", "uint256"], [registrant, content, licence(root, words, 0) >> 40])
        return sender, "registerModel", weights, merkle.root([bytes(consent)]), pool, metadata, sunset, rates, EQUAL

    def sunset(self) -> tuple[Any, ...]:
        model_id, pool, token, (*work, words) = self.dice.choice(self.learnt)
        return self.somebody(), "enforceSunset", model_id, pool, token, (*work, list(words)), []

    def stop(self) -> tuple[Any, ...]:
        model_id, pool, token, _ = self.dice.choice(self.learnt)
        return self.dice.choice([self.world.desk_address, self.somebody()]), "stopModel", model_id, pool, token

    def contest(self) -> tuple[Any, ...]:
        name = self.dice.choice(["openContest", "openContest", "closeContest"])
        return self.world.desk_address, name, self.work()

    def bar(self) -> tuple[Any, ...]:
        return self.dice.choice([self.world.desk_address, self.somebody()]), "bar", self.work()


def leaf(row: Row, words: Words) -> bytes:
    """What is hashed twice to the leaf of a collection."""
    return bytes(encode(["bytes32"] * 6, [*row, keccak(b"".join(words))]))


@pytest.mark.slow
def test_the_events_alone_tell_the_whole_catalogue(ruled: RuledWorld) -> None:
    chance = Chance(ruled, seed=1)
    chance.play()
    history = told_by(ruled)
    state = rebuilt(history)
    assert set(state.licensors) == set(chance.works)
    assert state.differs(ruled) == []
    assert chance.refused > 0

    kinds = {told.event.name for told in history}
    assert kinds == {entry["name"] for entry in ruled.catalogue.codec.abi if entry["type"] == "event"}
    for kind in kinds - {"SplitChanged", "PoolRuleSet"}:  # which tell of a document, and of what no contract reads
        assert without(history, kind) != state, f"{kind} tells nothing"


def without(history: Iterable[Told], kind: str) -> Rebuilt | None:
    """What is rebuilt without one kind of event; None where nothing can be."""
    try:
        return rebuilt(told for told in history if told.event.name != kind)
    except (KeyError, ValueError):
        return None
