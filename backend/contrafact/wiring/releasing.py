"""Releasing keys of protected works, and taking in what others released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contrafact.domain.catalogue import Catalogue
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.protection import Protection, Sealed, recipient
from contrafact.domain.releases import WORK, Release
from contrafact.domain.works import Work, WorkMetadata
from contrafact.errors import ContrafactError, InvalidInput, NotFound, NotPermitted
from contrafact.ledger.signer import Signer
from contrafact.ledger.signing import check_release_signature
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
            metadata = WorkMetadata.from_bytes(site.store.get(cid(work.metadata)))
        except ContrafactError:
            continue
        if metadata.protection:
            opened = all(site.store.has(cid(digest)) for digest in (work.content, work.source_form))
            yield ProtectedWork(work, metadata.title, metadata.protection, opened)


def release_work(
    site: Site, work_id: bytes, readers: Sequence[str], account: Signer, operator: str | None = None
) -> bytes:
    """A signed release of a work's key to `readers`; also put into the content store.

    Raises NotFound where the work is not protected, NotPermitted where the account is not its licensor, or its terms
    leave out the `operator` that the readers are of, and NoKey where this installation does not hold the key.
    """
    entry = Catalogue.of(site.reader.works(), site.reader.terms_history()).entry(work_id)
    if account.address.lower() != entry.work.licensor.lower():
        text = f"The licensor of work {to_hex(work_id)} is {entry.work.licensor}; your key is of {account.address}."
        raise NotPermitted(text, "Only the licensor decides who may read the work.")
    if operator:
        _require_permitted(site, work_id, operator)
    protection = WorkMetadata.from_bytes(site.store.get(cid(entry.work.metadata))).protection
    if protection is None:
        raise NotFound(f"Work {to_hex(work_id)} is not protected.", "Everybody can read it as it is.")
    to, contents = [recipient(reader) for reader in readers], _one_key(protection)
    secret = site.keyring.secret_of(contents[0].key)
    made = site.sealing(account).release((WORK, work_id), secret, contents, to, operator or "")
    site.kept_store.put(made)
    return made


def take_in(site: Site, data: bytes) -> Release:
    """Puts a release on the keyring, once it is sure who gave it.

    Raises InvalidInput for a wrong signature or another chain, NotPermitted where the releaser is neither the work's
    licensor nor the order's operator, NoKey where it is to other readers.
    """
    release = Release.from_bytes(data)
    if release.chain_id != site.deployment.chain_id:
        raise InvalidInput(f"The release is for chain {release.chain_id}.", "Import it where that chain is set.")
    check_release_signature(release, site.reader.accepts, named=site.reader.signer_of(release.releaser))
    entitled = _entitled(site, release)
    if release.releaser.lower() not in entitled:
        text = f"{release.releaser} is not who may release {release.kind} {to_hex(release.subject)}."
        raise NotPermitted(text, "A work's key is released by its licensor, an order's by its operator.")
    return site.keyring.add(data)


def _require_permitted(site: Site, work_id: bytes, operator: str) -> None:
    """Raises NotPermitted where the terms in force permit no orders, or are known to list other operators.

    The chain knows a list by its root only. Where its members are not known here, the licensor's word is what counts.
    """
    terms = Catalogue.of(site.reader.works(), site.reader.terms_history()).in_force(work_id).terms
    if not terms.inference:
        text = f"The terms of work {to_hex(work_id)} permit no orders, so no operator needs its key."
        raise NotPermitted(text, "Set terms that do, or leave --operator out.")
    terms.allow.require(to_hex(work_id), site.address(operator), None)


def _entitled(site: Site, release: Release) -> set[str]:
    if release.kind == WORK:
        return {work.licensor.lower() for work in site.reader.works() if work.work_id == release.subject}
    return {event.quote.operator.lower() for event in site.reader.funded(release.subject)}


def _one_key(protection: Protection) -> tuple[Sealed, ...]:
    """All contents, which a registration encrypts to one key. Raises InvalidInput for several."""
    if len({sealed.key for sealed in protection.contents}) != 1:
        raise InvalidInput("The work's files are encrypted to different keys.", "Register it again.")
    return protection.contents
