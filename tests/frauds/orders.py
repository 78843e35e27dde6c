"""Further orders of a scene, honest ones and others: quoted, funded, committed by whoever signs what it likes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

from contrafact.contents import named
from contrafact.domain import seeds
from contrafact.domain.digests import sha256
from contrafact.domain.history import Claim, Funded
from contrafact.domain.orders import Commit, Quote, Source, order_id
from contrafact.domain.prices import Use
from contrafact.domain.protection import Protection
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms
from contrafact.errors import ContrafactError
from contrafact.ledger.signing import sign_quote
from contrafact.wiring import Site
from tests.e2e.tampering.stage import Scene, Stage, file_of
from tests.e2e.town import SALT, maker, operator
from tests.protection.people import SUBJECT, party

from .founding import split_of, terms_of

SECRET = sha256(b"an operator's secret")


def at_use(quote: Quote, use: Use) -> Quote:
    """The quote for another use, at its prices."""
    terms = {source.work_id: source for source in quote.sources}
    rows = tuple(replace(source, price=source.price * (1 + use % 3)) for source in terms.values())
    return replace(quote, use=use, sources=rows)


def anew(quote: Quote, secret: bytes = SECRET, **changes: object) -> Quote:
    """The quote once more under a nonce of its own; `changes` replace its fields."""
    return replace(quote, nonce=secrets.randbits(60), seed_commitment=seeds.commitment(secret), **changes)  # type: ignore[arg-type]


def fund(site: Site, quote: Quote, terms: Sequence[Terms]) -> Funded:
    """Pays an order in that the operator signed. Raises what the contract refuses."""
    signature = sign_quote(operator(), quote, site.reader.domain)
    site.writer(maker()).fund(quote, signature, SALT, terms)
    (funded,) = site.reader.funded(order_id(quote, site.reader.domain))
    return funded


def refuses(site: Site, quote: Quote, terms: Sequence[Terms]) -> bool:
    """Whether the contract as published refuses the order."""
    with suppress(ContrafactError):
        fund(site, anew(quote), terms)
        return False
    return True


def ordered(scene: Scene, quote: Quote) -> Stage:
    """A funded order of the stage's works, whose record can be drafted."""
    stage = scene.stage
    quote = anew(quote)
    funded = fund(scene.site, quote, stage.order.signed.terms)
    order = replace(stage.order, signed=replace(stage.order.signed, quote=quote), funded=funded)
    return replace(stage, site=scene.site, order=order, secret=SECRET)


def commit_of(funded: Funded, base: int = 0, shares: Sequence[int] = ()) -> Commit:
    """A commit within the bounds, of a piece that was never made: where only money is looked at."""
    quote = funded.quote
    count = sum(not source.through for source in quote.sources)
    given = list(shares) or [1_000_000 // count] * count
    given[-1] += 1_000_000 - base - sum(given)
    digests = (sha256(b"no record"), sha256(b"no sound"), sha256(b"no notes"))
    return Commit(funded.order_id, *digests, quote.duration, base, tuple(given))


def unmade(scene: Scene, quote: Quote) -> Funded:
    """An order that is settled although nothing was generated."""
    funded = fund(scene.site, quote, scene.stage.order.signed.terms)
    scene.commit(commit_of(funded))
    return funded


def loose(quote: Quote, **changes: object) -> Quote:
    """The quote anew, without lowest shares, so that any shares fit."""
    sources = tuple(replace(source, min_share=0) for source in quote.sources)
    return anew(quote, **{"sources": sources, **changes})


def claim_of(i: int, place: int, work_id: bytes, token: str) -> Claim:
    """The claim of a holder's place in the split of work i."""
    split = split_of(i)
    return claim_in(split, place, work_id, token)


def claim_in(split: Split, place: int, work_id: bytes, token: str) -> Claim:
    return Claim(work_id, split.root, token, split.leaves[place], split.proof(place))


def source_of(i: int, work_id: bytes, token: str, version: int = 2, **changes: object) -> Source:
    """Work i as an order's only source."""
    terms = terms_of(i, token)
    source = Source(work_id, version, split_of(i).root, 1_000_000, 0, terms.price(Use.PRIVATE, token), terms.downstream)
    return replace(source, **changes)  # type: ignore[arg-type]


def seal(site: Site, files: Sequence[bytes], instead: Sequence[bytes] = ()) -> Protection:
    """Encrypts files (or others `instead`, under their names) into the site's store, whose reader has the key."""
    owner = party(Path(mkdtemp()))
    key, secret = owner.sealing.new_key()
    ciphers = [owner.sealing.seal(data, key) for data in instead or files]
    sealed = named(files, ciphers, key)
    for data, cipher in zip(files, ciphers, strict=True):
        with suppress(ValueError):
            file_of(site, sha256(data)).unlink()
        site.kept_store.put(cipher)
    owner.sealing.keep(owner.sealing.release(SUBJECT, secret, sealed, (owner.reader,)))
    site.store = owner.view(site.kept_store)
    return Protection(owner.reader, sealed)
