"""Orders that the contracts refuse, where for a while other contracts stood in their place."""

from __future__ import annotations

from dataclasses import replace

from contrafact.demo import world
from contrafact.domain.allow_list import AllowList
from contrafact.domain.digests import sha256
from contrafact.domain.grants import Grant
from contrafact.domain.orders import Quote, order_id
from contrafact.domain.splits import Split
from contrafact.ledger.calls import Calls
from contrafact.ledger.calls.orders import Offer
from contrafact.ledger.construction import MIN_CONTEST_BOND
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.signing import sign_quote
from tests.e2e.tampering import false_registrations as false
from tests.e2e.tampering.stage import Scene
from tests.e2e.town import SALT, maker, operator

from .crooked import crooked, mine, overwrite, pass_until
from .founding import split_of, terms_of
from .orders import anew, commit_of, fund, refuses, source_of
from .plots import plot

THIEF = world.account(18)


@plot("stale terms", "order.permitted")
def stale_terms(scene: Scene) -> bytes:
    """The licensor has doubled its price; the order pins the version before."""
    stage, site = scene.stage, scene.site
    dearer = terms_of(0, stage.quote.token, price=900_000)
    site.writer(world.account(3)).set_terms(stage.town.works[0], split_of(0).root, dearer)
    assert refuses(site, stage.quote, stage.order.signed.terms)
    with crooked(site, "Catalogue", "StaleTerms"):
        return _settled(scene, anew(stage.quote), stage.order.signed.terms)


@plot("cheaper than the terms", "order.price")
def cheaper_than_the_terms(scene: Scene) -> bytes:
    stage, site = scene.stage, scene.site
    first, *rest = stage.quote.sources
    quote = anew(stage.quote, sources=(replace(first, price=first.price // 2), *rest))
    assert refuses(site, quote, stage.order.signed.terms)
    with crooked(site, "Catalogue", "LaxCatalogue"):
        return _settled(scene, quote, stage.order.signed.terms)


@plot("order after the opt-out", "order.permitted")
def order_after_the_opt_out(scene: Scene) -> bytes:
    stage, site = scene.stage, scene.site
    quote = anew(stage.quote, sources=(source_of(3, stage.town.opted_out, stage.quote.token),))
    terms = (terms_of(3, stage.quote.token),)
    assert refuses(site, quote, terms)
    with crooked(site, "Catalogue", "LaxCatalogue"):
        return _settled(scene, quote, terms)


@plot("swapped split root", "order.split")
def swapped_split_root(scene: Scene) -> bytes:
    stage, site = scene.stage, scene.site
    first, *rest = stage.quote.sources
    mine = Split.of([(THIEF.address, 1_000_000)])
    quote = anew(stage.quote, sources=(replace(first, split_root=mine.root), *rest))
    assert refuses(site, quote, stage.order.signed.terms)
    with crooked(site, "Catalogue", "LaxCatalogue"):
        return _settled(scene, quote, stage.order.signed.terms)


@plot("recording without its composition", "order.works")
def recording_without_its_composition(scene: Scene) -> bytes:
    """A recording of the first work; the file is a score, which is recording enough for the contracts."""
    stage, site = scene.stage, scene.site
    content = false.put(site, false.varied(stage, site, 0, b"7"))
    composition = stage.town.works[0]
    metadata = false.mine(stage, 0, content=content, recording_of=composition)
    site.store.put(metadata.to_bytes())
    work_id, _ = site.writer(false.LIAR).register_work(metadata)
    terms = terms_of(0, stage.quote.token)
    site.writer(false.LIAR).set_terms(work_id, metadata.split.root, terms)
    source = source_of(0, work_id, stage.quote.token, split_root=metadata.split.root)
    quote = anew(stage.quote, sources=(source,))
    assert refuses(site, quote, (terms,))
    with crooked(site, "Catalogue", "LaxCatalogue"):
        return _settled(scene, quote, (terms,))


@plot("contested work in an order", "order.undisputed")
def contested_work_in_an_order(scene: Scene) -> bytes:
    stage, site = scene.stage, scene.site
    calls = Calls(Contracts(site.connection, site.deployment)).disputes
    contest = calls.contest(stage.town.works[0], sha256(b"split"), sha256(b"evidence"), MIN_CONTEST_BOND)
    site.connection.send(contest.function, THIEF, contest.value)
    assert refuses(site, stage.quote, stage.order.signed.terms)
    with crooked(site, "Catalogue", "ContestedAccepted"):
        return _settled(scene, anew(stage.quote), stage.order.signed.terms)


@plot("operator that is not listed", "order.granted")
def operator_that_is_not_listed(scene: Scene) -> bytes:
    """The licensor lets one operator use its work, and it is another."""
    stage, site = scene.stage, scene.site
    listed = replace(terms_of(0, stage.quote.token), allow=AllowList.of([THIEF.address]))
    version, _ = site.writer(world.account(3)).set_terms(stage.town.works[0], split_of(0).root, listed)
    quote = anew(stage.quote, sources=(source_of(0, stage.town.works[0], stage.quote.token, version),))
    offer = Offer(quote, sign_quote(operator(), quote, site.reader.domain), SALT, (listed,), (Grant(),))
    with crooked(site, "Catalogue", "AnyOperator"):
        site.writer(maker()).fund(offer.quote, offer.signature, SALT, offer.terms, offer.grants)
    (funded,) = site.reader.funded(order_id(quote, site.reader.domain))
    scene.commit(commit_of(funded))
    return funded.order_id


@plot("order that its maker did not sign", "order.asked")
def order_that_its_maker_did_not_sign(scene: Scene) -> bytes:
    """The maker has left an allowance; somebody relays an order in its name, with a signature of nothing."""
    stage, site = scene.stage, scene.site
    quote = anew(stage.quote)
    dollar = site.connection.contract("TestDollar", quote.token)
    site.connection.send(dollar.functions.approve(site.deployment.escrow, 10**9), maker())
    offer = Offer(quote, sign_quote(operator(), quote, site.reader.domain), SALT, stage.order.signed.terms)
    relayed = Calls(Contracts(site.connection, site.deployment)).orders.fund_for(offer, bytes(65))
    with crooked(site, "GenerationEscrow", "OrderNotSigned"):
        site.connection.send(relayed.function, THIEF)
    (funded,) = site.reader.funded(order_id(quote, site.reader.domain))
    scene.commit(commit_of(funded))
    return funded.order_id


@plot("back-dated terms", "terms.since")
def back_dated_terms(scene: Scene) -> bytes:
    """The licensor says that its terms of today were in force a year ago."""
    site, work_id = scene.site, scene.stage.town.works[0]
    terms = replace(terms_of(0, scene.stage.quote.token), training=False)
    version, _ = site.writer(world.account(3)).set_terms(work_id, split_of(0).root, terms)
    word = site.reader.licence_of(work_id, version)
    catalogue = site.connection.contract("Catalogue", site.reader.catalogue)
    overwrite(site, catalogue.functions.licenceOf(work_id, version), word, word - 31_536_000)
    return work_id


@plot("bond that does not cover", "money.bond")
def bond_that_does_not_cover(scene: Scene) -> str:
    """The operator takes out what is free, and goes on selling."""
    site, quote = scene.site, scene.stage.quote
    free = site.reader.bond(operator().address, quote.token).free
    site.writer(operator()).request_withdrawal(quote.token, free)
    assert refuses(site, quote, scene.stage.order.signed.terms)
    with crooked(site, "GenerationEscrow", "BondCoversTwice"):
        fund(site, anew(quote), scene.stage.order.signed.terms)
    return operator().address


@plot("late commit", "order.times")
def late_commit(scene: Scene) -> bytes:
    stage, site = scene.stage, scene.site
    with crooked(site, "GenerationEscrow", "CommitAfterDeadline"):
        pass_until(site, stage.quote.deadline + 60)
        scene.deliver(stage.honest)
    return stage.order_id


@plot("early refund", "order.times")
def early_refund(scene: Scene) -> bytes:
    """In the last second in which it could have been delivered."""
    stage, site = scene.stage, scene.site
    with crooked(site, "GenerationEscrow", "RefundASecondEarly"):
        pass_until(site, stage.quote.deadline)
        mine(site)
        pass_until(site, stage.quote.deadline)
        site.writer(maker()).refund(stage.order.funded)
    return stage.order_id


@plot("share below the order's lowest", "commit.bounds")
def share_below_the_orders_lowest(scene: Scene) -> bytes:
    stage, site = scene.stage, scene.site
    commit = commit_of(stage.order.funded, shares=(1, 1, 1))
    with crooked(site, "GenerationEscrow", "LowestShareIgnored"):
        scene.commit(commit)
    return stage.order_id


def _settled(scene: Scene, quote: Quote, terms: tuple) -> bytes:  # type: ignore[type-arg]
    funded = fund(scene.site, quote, terms)
    scene.commit(commit_of(funded))
    return funded.order_id
