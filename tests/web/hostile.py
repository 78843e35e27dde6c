"""Works whose titles and credits are made to break pages: markup, quotes, control characters, marks without end."""

from __future__ import annotations

from collections.abc import Iterator

from eth_account.signers.local import LocalAccount

from contrafact import registration
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.music.pack import PackedTune, load_pack
from contrafact.settings import Settings
from contrafact.wiring import Site

from .site import FOLDER, WebSite

MARKUP = """<script>hostile=1</script><img src=x onerror=hostile=1>"'`${1}</title></bdi>{{ 1 }}"""
REVERSED = "\u202egnitirw\u2066 sdrawkcab"
TITLES = (
    MARKUP,
    REVERSED + " z\u0300\u0301\u0302" + "\u0336\u0489" * 100 + "algo",
    "W" * 10_000,
    "long words and many of them " * 350,
)
"""What pages show as text, as far as they show it."""


def registered(site: WebSite, licensor: LocalAccount, partner: str) -> list[bytes]:
    """Registers a work by each title, with credits and a note alike, free for all uses, shared with `partner`."""
    folder = site.folder / FOLDER
    settings = Settings(
        rpc_url=site.rpc_url, deployment=folder / "deployment.json", store=f"folder:{folder / 'store'}",
        home=folder / "of-licensors",
    )  # fmt: skip
    split = Split.of([(licensor.address, 600_000), (partner, 400_000)])
    return [
        _register(Site(settings), licensor, tune, title, split) for tune, title in zip(_tunes(), TITLES, strict=False)
    ]


def _register(site: Site, licensor: LocalAccount, tune: PackedTune, title: str, split: Split) -> bytes:
    collection, credits = MARKUP, (f"composer: {MARKUP}", f"lyricist: {title}", *tune.credits)
    draft = registration.Draft(title, f"{tune.id} {MARKUP}", collection, credits, tune.media_type, split, MARKUP)
    writer = site.writer(licensor)
    work = registration.register(draft, tune.file, site.derive, site.store, writer)
    prices = (TokenPrice(site.token(), (100_000,) * 4),)
    writer.set_terms(work, split.root, Terms(False, True, frozenset(Use), True, 1_000_000, 0, 0, 0, prices))
    return work


def _tunes() -> Iterator[PackedTune]:
    """Of those that the demo has not registered, in 6/8."""
    return (tune for tune in load_pack().by_role("train") if (tune.score.metre.beats, tune.score.metre.unit) == (6, 8))
