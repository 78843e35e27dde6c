"""A small town on a real development chain: works, a model, an operator and a maker, for the end-to-end tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from web3 import HTTPProvider, Web3

from contrafact import registration
from contrafact.demo import world
from contrafact.domain.collections import Collection
from contrafact.domain.digests import sha256
from contrafact.domain.generation import MusicRequest
from contrafact.domain.orders import order_id
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment import deploy
from contrafact.music.pack import PackedTune, load_pack
from contrafact.order.quoting import OrderRequest
from contrafact.settings import Settings
from contrafact.wiring import Site, collecting
from contrafact.wiring.access import open_connection
from hardhat_free_devnet import Devnet

SALT = bytes(range(32))
DOLLAR = 1_000_000
BOND = 100 * DOLLAR
WEIGHTS = (500_000, 300_000, 200_000)
PRICES = (200_000, 350_000, 120_001)


@dataclass(frozen=True, slots=True)
class Town:
    """Three works in one metre (`works`), one opted out, one of broadcast use only; all paid in test dollars."""

    settings: Settings
    tunes: tuple[PackedTune, ...]
    works: tuple[bytes, ...]
    opted_out: bytes
    model_id: bytes
    connection: Connection | None = None
    """To a chain in this process; others are opened by their URL."""

    def site(self, **changes: object) -> Site:
        """A fresh installation on the town's chain; `changes` replace settings (home, store, threads …)."""
        return _site(self.settings.model_copy(update=changes), self.connection)

    def request(self, seconds: int = 8) -> OrderRequest:
        """A private piece of the three works, in key, metre and tempo of the first."""
        score = self.tunes[0].score
        music = MusicRequest(
            seconds, score.tempo, score.key.tonic, score.key.mode, (score.metre.beats, score.metre.unit)
        )
        choices = tuple(zip(self.works, WEIGHTS, strict=True))
        return OrderRequest(maker().address, choices, Use.PRIVATE, music, self.site().token())

    def quoted(self, site: Site, seconds: int = 8) -> SignedQuote:
        return site.quoting(operator()).offer(self.request(seconds))

    def funded(self, site: Site, seconds: int = 8) -> bytes:
        """Quotes and funds an order; returns its id."""
        signed = self.quoted(site, seconds)
        site.writer(maker()).fund(signed.quote, signed.signature, SALT, signed.terms, signed.grants())
        return order_id(signed.quote, site.reader.domain)

    def rpc(self, method: str, *params: object) -> object:
        """A raw call to the node, for its development methods (evm_snapshot, evm_revert, evm_increaseTime …)."""
        web3 = self.connection.web3 if self.connection else Web3(HTTPProvider(self.settings.rpc_url))
        answer = web3.provider.make_request(method, list(params))  # type: ignore[arg-type]
        assert "error" not in answer, answer
        return answer["result"]


def maker():  # type: ignore[no-untyped-def]
    return world.account(world.MAKER)


def operator():  # type: ignore[no-untyped-def]
    return world.account(world.OPERATOR)


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Starts a chain and founds the town on it; everything it writes is in `folder`."""
    with Devnet() as node:
        yield found(settings_in(folder, node.url))


def settings_in(folder: Path, url: str) -> Settings:
    """Settings of a town on the node at `url`, with everything that is written in `folder`."""
    return Settings(
        rpc_url=url,
        deployment=folder / "deployment.json",
        store=f"folder:{folder / 'store'}",
        home=folder / "operator",
    )


def found(settings: Settings, connection: Connection | None = None) -> Town:
    """Deploys, gives maker and operator money and the operator a bond, registers four works and the model."""
    deploy(connection or open_connection(settings), world.account(world.DEPLOYER), settings.deployment)
    site = _site(settings, connection)
    for purse in (maker(), operator()):
        site.writer(world.account(world.DEPLOYER)).mint_dollars(purse.address, 1000 * DOLLAR)
    site.writer(operator()).deposit_bond(site.token(), BOND)
    tunes = _tunes()
    works = [_register(site, i, tune) for i, tune in enumerate(tunes)]
    site.writer(world.account(3 + 3)).set_terms(works[3], _split(3).root, Terms.opted_out())
    consent(site)
    manifest = site.packaged_manifest(operator().address)
    metadata, rates = site.packaged_model(manifest, PoolRule()), {site.token(): 200_000}
    model_id = registration.register_model(metadata, manifest, rates, site.store, site.writer(operator()))
    return Town(settings, tunes[:3], tuple(works[:3]), works[3], model_id, connection)


def consent(site: Site) -> None:
    """The stewards of the demo anchor what the packaged model learnt from."""
    for steward in world.STEWARDS:
        registration.anchor(lessons(steward), site.store, site.writer(world.account(steward.account)))


@cache
def lessons(steward: world.Steward) -> Collection:
    """The training works of a steward's collection."""
    split = Split.of([(world.account(steward.account).address, 1_000_000)])
    return collecting.from_pack(steward.collection, split, world.TO_TRAIN)


def _site(settings: Settings, connection: Connection | None) -> Site:
    site = Site(settings)
    if connection is not None:
        site.connection = connection
    return site


def _tunes() -> tuple[PackedTune, ...]:
    first, *rest = (tune for tune in load_pack().by_role("catalogue") if tune.score.metre.beats == 6)
    alike = [t for t in rest if (t.score.metre, t.score.key.mode) == (first.score.metre, first.score.key.mode)]
    return (first, *alike[:3])


def _register(site: Site, i: int, tune: PackedTune) -> bytes:
    """Work i belongs to account 3 + i as licensor; both holders confirm."""
    licensor, split = world.account(3 + i), _split(i)
    expected = site.reader.work_id_of(licensor.address, sha256(tune.file))
    confirmed = site.confirmations(expected, split, [licensor, world.account(10 + i)])
    names = (tune.title, tune.id, tune.collection, tune.credits, tune.media_type)
    draft = registration.Draft(*names, split, confirmations=confirmed)
    work_id = registration.register(draft, tune.file, site.derive, site.store, site.writer(licensor))
    price = PRICES[i % 3]
    prices = TokenPrice(site.token(), (price, 2 * price, 3 * price, price))
    terms = Terms(False, True, frozenset(Use), True, 1_000_000, 0, 0, 0, (prices,))
    site.writer(licensor).set_terms(work_id, split.root, terms)
    return work_id


def _split(i: int) -> Split:
    """The licensor of work i shares the royalties with account 10 + i."""
    return Split.of([(world.account(3 + i).address, 666_667), (world.account(10 + i).address, 333_333)])
