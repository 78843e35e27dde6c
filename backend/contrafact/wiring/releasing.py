"""Releasing keys of protected works and private pieces, and taking in what others released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contrafact.contents import record_document, work_document
from contrafact.domain.catalogue import Catalogue
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.protection import Protection, recipient
from contrafact.domain.releases import ORDER, WORK, Release
from contrafact.domain.works import Work
from contrafact.errors import ContrafactError, InvalidInput, NotFound, NotPermitted
from contrafact.ledger.signer import Signer
from contrafact.ledger.signing import check_release_signature
from contrafact.wiring.protecting import AgeSealing
from contrafact.wiring.site import Site


@dataclass(frozen=True, slots=True)
class ProtectedWork:
    """A work whose files are protected, and whether this installation can open them."""

    work: Work
    title: str
    protection: Protection
    is_open: bool


def protected_works(site: Site) -> Iterator[ProtectedWork]:
    """The works whose published descriptions say so; those without a readable description are left aside."""
    for work in site.reader.works():
        try:
            metadata = work_document(site.store, work.metadata)
        except ContrafactError:
            continue
        if metadata.protection:
            opened = all(site.store.has(cid(digest)) for digest in (work.content, work.source_form))
            yield ProtectedWork(work, metadata.title, metadata.protection, opened)


def release_work(
    site: Site, work_id: bytes, readers: Sequence[str], account: Signer, operator: str | None = None
) -> list[bytes]:
    """Signed releases of a work's keys to `readers`, a document for each key; they are put into the store, too.

    Raises NotFound where the work is not protected, NotPermitted where the account is not its licensor, or its terms
    leave out the `operator` that the readers are of, and NoKey where this installation does not hold the key.
    """
    work = Catalogue.of(site.reader.works([work_id]), ()).entry(work_id).work
    if account.address.lower() != work.licensor.lower():
        text = f"The licensor of work {to_hex(work_id)} is {work.licensor}; your key is of {account.address}."
        raise NotPermitted(text, "Only the licensor decides who may read the work.")
    if operator:
        _require_permitted(site, work_id, operator)
    protection = work_document(site.store, work.metadata).protection
    return _released(site, (WORK, work_id), protection, readers, site.sealing(account), operator or "")


def release_order(site: Site, order_id: bytes, readers: Sequence[str], account: Signer) -> list[bytes]:
    """The same of a private piece, by its maker or its operator, of the keys that this installation holds."""
    committed, funded = site.reader.committed(order_id), site.reader.funded(order_id)
    if not committed or not funded:
        raise NotFound(f"No commit of an order {to_hex(order_id)} is on the chain.", "Check the id, and the chain.")
    quote, mine = funded[0].quote, account.address.lower()
    named = site.reader.signer_of(quote.operator)
    if mine not in {whom.lower() for whom in (quote.maker, quote.operator, named) if whom}:
        raise NotPermitted(
            f"Order {to_hex(order_id)} is not of {account.address}.", "Its maker or operator releases it."
        )
    releaser = account.address if mine == quote.maker.lower() else quote.operator
    record = record_document(site.store, committed[0].commit.record_digest)
    return _released(site, (ORDER, order_id), record.protection, readers, site.sealing(account, releaser))


def _released(
    site: Site,
    subject: tuple[str, bytes],
    protection: Protection | None,
    readers: Sequence[str],
    sealing: AgeSealing,
    operator: str = "",
) -> list[bytes]:
    if protection is None:
        raise NotFound(f"The {subject[0]} {to_hex(subject[1])} is not protected.", "Everybody can read it as it is.")
    to, made = [recipient(reader) for reader in readers], []
    for key in dict.fromkeys(sealed.key for sealed in protection.contents):
        contents = tuple(sealed for sealed in protection.contents if sealed.key == key)
        made.append(sealing.release(subject, site.keyring.secret_of(key), contents, to, operator))
    for document in made:
        site.kept_store.put(document)
    return made


def take_in(site: Site, data: bytes) -> Release:
    """Puts a release on the keyring, once it is sure who gave it.

    Raises InvalidInput for a wrong signature or another chain, NotPermitted where the releaser is neither the work's
    licensor nor the order's operator or maker, NoKey where it is to other readers.
    """
    release = Release.from_bytes(data)
    if release.chain_id != site.deployment.chain_id:
        raise InvalidInput(f"The release is for chain {release.chain_id}.", "Import it where that chain is set.")
    check_release_signature(release, site.reader.accepts, named=site.reader.signer_of(release.releaser))
    entitled = _entitled(site, release)
    if release.releaser.lower() not in entitled:
        text = f"{release.releaser} is not who may release {release.kind} {to_hex(release.subject)}."
        raise NotPermitted(text, "A work's key is released by its licensor, an order's by its operator or maker.")
    return site.keyring.add(data)


def _require_permitted(site: Site, work_id: bytes, operator: str) -> None:
    """Raises NotPermitted where the terms in force permit no orders, or are known to list other operators.

    The chain knows a list by its root only. Where its members are not known here, the licensor's word is what counts.
    """
    terms = Catalogue.of(site.reader.works([work_id]), site.reader.terms_history([work_id])).in_force(work_id).terms
    if not terms.inference:
        text = f"The terms of work {to_hex(work_id)} permit no orders, so no operator needs its key."
        raise NotPermitted(text, "Set terms that do, or leave --operator out.")
    terms.allow.require(to_hex(work_id), site.address(operator), None)


def _entitled(site: Site, release: Release) -> set[str]:
    if release.kind == WORK:
        return {work.licensor.lower() for work in site.reader.works([release.subject])}
    quotes = [event.quote for event in site.reader.funded(release.subject)]
    return {whom.lower() for quote in quotes for whom in (quote.operator, quote.maker)}
