"""The town of the frauds, on anvil: four works, a model that learnt from three tunes, an operator, makers."""

from __future__ import annotations

from contrafact import registration
from contrafact.demo import world
from contrafact.domain.collections import CollectedWork, Collection
from contrafact.domain.digests import sha256
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import NATIVE, Terms, TokenPrice, Use
from contrafact.domain.training_consent import Learner, manifest_of
from contrafact.domain.works import WorkMetadata
from contrafact.ledger.deployment import deploy
from contrafact.music.pack import PackedTune, load_pack
from contrafact.music.source_form import SourceForm
from contrafact.settings import Settings
from contrafact.wiring import Site
from contrafact.wiring.access import open_connection
from tests.e2e.town import BOND, DOLLAR, Town, maker, operator

BASE_RATE, DOWNSTREAM = 200_000, 100_000
PRICES = (200_000, 350_000, 120_001, 150_000)
COINS = 10**21


def found(settings: Settings) -> Town:
    """Deploys; gives everybody money, the operator bonds; registers works and a model.

    Work i is licensed by account 3 + i, which shares it with account 10 + i; in work 2 the latter has not confirmed
    its place. The last work is opted out. Everything is priced in dollars and in coins alike.
    """
    deploy(open_connection(settings), world.account(world.DEPLOYER), settings.deployment)
    site = Site(settings)
    for purse in (maker(), operator()):
        site.writer(world.account(world.DEPLOYER)).mint_dollars(purse.address, 1_000_000 * DOLLAR)
        site.connection.web3.provider.make_request("anvil_setBalance", [purse.address, hex(COINS)])  # type: ignore[arg-type]
    for token in (site.token(), NATIVE):
        site.writer(operator()).deposit_bond(token, BOND)
    tunes = _tunes()
    works = [_register(site, i, tune) for i, tune in enumerate(tunes)]
    site.writer(world.account(6)).set_terms(works[3], split_of(3).root, Terms.opted_out())
    return Town(settings, tunes[:3], tuple(works[:3]), works[3], _model(site))


def split_of(i: int) -> Split:
    """The licensor of work i shares the royalties with account 10 + i."""
    return Split.of([(world.account(3 + i).address, 666_667), (world.account(10 + i).address, 333_333)])


def terms_of(i: int, token: str, price: int = 0) -> Terms:
    """What work i costs, privately; a wider use costs more."""
    price = price or PRICES[i]
    row = (price, 2 * price, 3 * price, price)
    prices = tuple(TokenPrice(each, row) for each in sorted((token, NATIVE), key=lambda each: each.lower()))
    return Terms(False, True, frozenset(Use), True, PPM, 0, 0, 0, prices, downstream=DOWNSTREAM)


def _tunes() -> tuple[PackedTune, ...]:
    first, *rest = (tune for tune in load_pack().by_role("catalogue") if tune.score.metre.beats == 6)
    alike = [t for t in rest if (t.score.metre, t.score.key.mode) == (first.score.metre, first.score.key.mode)]
    return (first, *alike[:3])


def _register(site: Site, i: int, tune: PackedTune) -> bytes:
    licensor, split = world.account(3 + i), split_of(i)
    expected = site.reader.work_id_of(licensor.address, sha256(tune.file))
    signers = [licensor] if i == 2 else [licensor, world.account(10 + i)]
    confirmed = site.confirmations(expected, split, signers)
    names = (tune.title, tune.id, tune.collection, tune.credits, tune.media_type)
    draft = registration.Draft(*names, split, confirmations=confirmed)
    work_id = registration.register(draft, tune.file, site.derive, site.store, site.writer(licensor))
    site.writer(licensor).set_terms(work_id, split.root, terms_of(i, site.token()))
    return work_id


def _model(site: Site) -> bytes:
    """The packaged weights, under a manifest of three tunes, so that an audit reads it in no time."""
    tunes = load_pack().by_role("train")[:3]
    steward, heir = world.account(14), world.account(15)
    split = Split.of([(steward.address, 700_000), (heir.address, 300_000)])
    collection = Collection.of("lessons", [_lesson(tune, split) for tune in tunes])
    registration.anchor(collection, site.store, site.writer(steward))
    model_id = site.reader.model_id_of(operator().address, site.generator.model_digest)
    learner = Learner(model_id, operator().address, site.connection.head(), site.reader.timestamp())
    manifest = manifest_of({sha256(tune.file): tune.id for tune in tunes}, site.licences(), learner)
    metadata, rates = site.packaged_model(manifest, PoolRule()), dict.fromkeys((site.token(), NATIVE), BASE_RATE)
    return registration.register_model(metadata, manifest, rates, site.store, site.writer(operator()))


def _lesson(tune: PackedTune, split: Split) -> CollectedWork:
    form = SourceForm.from_score(tune.score).to_bytes()
    names = (tune.title, tune.id, "lessons", tune.credits, tune.media_type)
    return CollectedWork(WorkMetadata(*names, sha256(tune.file), sha256(form), split), world.TO_TRAIN, tune.file, form)
