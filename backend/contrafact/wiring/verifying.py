"""Verification for a site: what of chain, store, certificates and ear there is, and why the rest is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec

from contrafact.certificates import is_installed
from contrafact.errors import ContrafactError
from contrafact.ports import ContentStore
from contrafact.verifying import Certificates, Ear, Gap, Pieces, Tools
from contrafact.wiring.certificate_reading import CertificateReader
from contrafact.wiring.known_pieces import SitePieces, SoundEar, Told
from contrafact.wiring.site import Site
from contrafact.wiring.verified_chain import VerifiedChain


@contextmanager
def verification(
    site: Site, store: ContentStore, seconds: float = float("inf"), told: Told = lambda _: None
) -> Iterator[Tools]:
    """The tools of one verification, whatever of them there is.

    `store` is that whose pieces are listened to, for `seconds` at most. Raises ChainError where a chain is configured
    that cannot be reached in the course, and StoreError for an index that is none.
    """
    with ExitStack() as opened:
        gaps: list[Gap] = []
        chain, trust = _chain(site, gaps)
        ear = _ear(gaps)
        pieces = None
        if chain is not None and ear is not None:
            pieces = opened.enter_context(_pieces(site, chain, store, seconds, told))
        certificates = _certificates(gaps)
        yield Tools(chain, store, certificates, ear, pieces, tuple(gaps), tuple(trust))


def _chain(site: Site, gaps: list[Gap]) -> tuple[VerifiedChain | None, list[str]]:
    try:
        chain = VerifiedChain(site.connection, site.deployment)
    except ContrafactError as error:
        gaps.append(Gap("the chain", error.message, error.hint))
        return None, []
    domain = chain.domain
    said = [
        f"The chain {domain.chain_id} and the contract {domain.contract} on it: that these are the right ones is for"
        " you to know.",
        "The content store is not trusted: what it gives is held against the digests on the chain.",
        "A signing certificate counts where the order's operator vouches for it with its account on the chain.",
    ]
    return chain, said


def _ear(gaps: list[Gap]) -> Ear | None:
    if all(find_spec(name) is not None for name in ("soundfile", "scipy", "numpy")):
        return SoundEar()
    gaps.append(Gap("the sound", "what hears it is not installed.", "Run: pip install 'contrafact[generation]'"))
    return None


@contextmanager
def _pieces(site: Site, chain: VerifiedChain, store: ContentStore, seconds: float, told: Told) -> Iterator[Pieces]:
    from contrafact.music.identification.pieces import PieceIndex

    name = f"pieces-{chain.domain.chain_id}-{chain.domain.contract.lower()}.sqlite"
    index = PieceIndex(site.settings.home / "identification" / name)
    try:
        yield SitePieces(index, chain, store, seconds, told)
    finally:
        index.close()


def _certificates(gaps: list[Gap]) -> Certificates | None:
    if is_installed():
        return CertificateReader()
    text = "Run: pip install 'contrafact[certificates]'"
    gaps.append(Gap("the certificate", "what reads it is not installed.", text))
    return None
