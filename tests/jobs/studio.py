"""A fake band on real contracts: two works, a model, an operator with a bond, and a maker who pays for pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from contrafact import registration
from contrafact.demo import world
from contrafact.domain.digests import sha256
from contrafact.domain.generation import MusicRequest
from contrafact.domain.models import ModelMetadata
from contrafact.domain.orders import order_id
from contrafact.domain.splits import Split
from contrafact.domain.terms import NATIVE, Terms, TokenPrice, Use
from contrafact.jobs.events import Happened, JobEvent
from contrafact.jobs.ports import JobStore
from contrafact.jobs.runner import Pace, Runner
from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment import deploy
from contrafact.ledger.signer import Signer
from contrafact.order.quoting import OrderRequest
from contrafact.settings import Settings
from contrafact.wiring import Site
from contrafact.wiring.access import open_connection
from contrafact.wiring.operating import ChainOrders

from .band import WEIGHTS, FakeBand

DOLLAR = 10**6
BOND = 1000 * DOLLAR
SALT = bytes(range(32))
SECONDS = 60  # that a test waits for what must come
OPERATOR, MAKER = world.account(world.OPERATOR), world.account(world.MAKER)


@dataclass(frozen=True, slots=True)
class Studio:
    """`connection`: to a chain in this process; others are opened by the settings' URL."""

    settings: Settings
    works: tuple[bytes, ...]
    connection: Connection | None = None

    def site(self, band: FakeBand | None = None, **changes: object) -> Site:
        """A fresh installation whose band is a fake; `changes` replace settings."""
        return _site(self.settings.model_copy(update=changes), self.connection, band or FakeBand())

    def request(self, site: Site) -> OrderRequest:
        music = MusicRequest(8, 120, 0, "major", (4, 4))
        return OrderRequest(
            MAKER.address,
            tuple((w, 1_000_000 // len(self.works)) for w in self.works),
            Use.PRIVATE,
            music,
            site.token(),
        )

    def fund(self, site: Site, count: int = 1) -> list[bytes]:
        """So many orders, quoted by the operator and paid by the maker."""
        writer, found = site.writer(MAKER), []
        for _ in range(count):
            signed = site.quoting(OPERATOR).offer(self.request(site))
            writer.fund(signed.quote, signed.signature, SALT, signed.terms, signed.grants())
            found.append(order_id(signed.quote, site.reader.domain))
        return found

    def rpc(self, method: str, *params: object) -> object:
        web3 = (self.connection or self.site().connection).web3
        answer = web3.provider.make_request(method, list(params))  # type: ignore[arg-type]
        assert "error" not in answer, answer
        return answer["result"]

    def pass_time(self, seconds: int) -> None:
        self.rpc("evm_increaseTime", seconds)
        self.rpc("evm_mine")


@dataclass
class Shift:
    """A runner at work in a thread; `events` is all that it told."""

    runner: Runner
    events: list[JobEvent] = field(default_factory=list)
    stop: Event = field(default_factory=Event)

    def told(self, what: Happened, order: bytes | None = None) -> list[JobEvent]:
        return [e for e in list(self.events) if e.what is what and order in (None, e.order_id)]


@contextmanager
def shift(site: Site, jobs: JobStore, key: Signer = OPERATOR, **pace: object) -> Iterator[Shift]:
    """A runner works inside of the `with`, and is stopped at its end."""
    events: list[JobEvent] = []
    quick = {"look": 1.0, "lease": 1.0, "grace": 10.0, **pace}
    workshop = site.workshop(key)
    runner = Runner(ChainOrders(site, OPERATOR.address), jobs, workshop, Pace(**quick), events.append)  # type: ignore[arg-type]
    made = Shift(runner, events)
    thread = Thread(target=runner.run, args=(made.stop,))
    thread.start()
    try:
        yield made
    finally:
        made.stop.set()
        thread.join(SECONDS)
    assert not thread.is_alive()


def found(folder: Path, url: str = "", connection: Connection | None = None) -> Studio:
    """Founds a studio on a node; everything that it writes is in `folder`."""
    settings = Settings(
        rpc_url=url or "http://in.this.process",
        deployment=folder / "deployment.json",
        store=f"folder:{folder / 'store'}",
        home=folder / "home",
        confirmations=1,
        poll_seconds=0.02,
    )
    deployer = world.account(world.DEPLOYER)
    deploy(connection or open_connection(settings), deployer, settings.deployment)
    site = _site(settings, connection, FakeBand())
    for account in (MAKER, OPERATOR):
        site.writer(deployer).mint_dollars(account.address, 10 * BOND)
    site.writer(OPERATOR).deposit_bond(site.token(), BOND)
    works = tuple(sorted(_register(site, i) for i in range(2)))
    digests = (WEIGHTS, sha256(b"generator"), sha256(b"manifest"), sha256(b"manifest's document"))
    model = ModelMetadata("fake", *digests, 3)
    site.store.put(model.to_bytes())
    site.writer(OPERATOR).register_model(model, {site.token(): 200_000, NATIVE: 200_000})
    return Studio(settings, works, connection)


def settled_exactly(site: Site, orders: Sequence[bytes]) -> bool:
    """Whether each order was committed once, everything credited was paid but for roundings and the model's pool, and
    the contract holds what it must: that, and the bond.
    """
    reader, token = site.reader, site.token()
    committed = [event.commit.order_id for event in reader.committed()]
    assert sorted(committed) == sorted(orders)
    models = {model.model_id for model in reader.models()}
    credited = sum(event.amount for event in reader.credited() if event.beneficiary not in models)
    pooled = sum(event.amount for event in reader.credited() if event.beneficiary in models)
    left = credited - sum(event.amount for event in reader.paid())
    assert 0 <= left < 4
    assert reader.balance(reader.domain.contract, token) == BOND + pooled + left
    return True


def _site(settings: Settings, connection: Connection | None, band: FakeBand) -> Site:
    site = Site(settings)
    if connection is not None:
        site.connection = connection
    instruments = band.open()
    site.generator, site.renderer = instruments.generator, instruments.renderer
    site.derive = lambda data, media_type: data  # type: ignore[method-assign]
    site.require_playable = lambda request: None  # type: ignore[method-assign]
    site.same_tune = lambda first, second: None  # type: ignore[method-assign]
    return site


def _register(site: Site, i: int) -> bytes:
    """A work of account 3 + i, which shares its royalties with account 10 + i; both have confirmed."""
    holders = [world.account(3 + i), world.account(10 + i)]
    split = Split.of([(holders[0].address, 666_667), (holders[1].address, 333_333)])
    return register(site, f"Tune {i}", split, holders, site.token())


def register(site: Site, title: str, split: Split, signing: Sequence[Signer], token: str) -> bytes:
    """A work of the first of those who sign that their places in the split are theirs."""
    licensor, content = signing[0], title.lower().encode()
    expected = site.reader.work_id_of(licensor.address, sha256(content))
    names = (title, "T", "Tunes", ("trad.",), "text/vnd.abc")
    draft = registration.Draft(*names, split, confirmations=site.confirmations(expected, split, signing))
    work_id = registration.register(draft, content, site.derive, site.store, site.writer(licensor))
    prices = TokenPrice(token, (200_000, 400_000, 600_000, 200_001))
    terms = Terms(False, True, frozenset(Use), True, 1_000_000, 0, 0, 0, (prices,))
    site.writer(licensor).set_terms(work_id, split.root, terms)
    return work_id
