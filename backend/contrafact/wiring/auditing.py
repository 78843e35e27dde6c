"""The audit, given a chain, a store and whatever tools are installed; and its reports as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from contrafact.audit import (
    Decoded,
    Opened,
    Plan,
    Report,
    Tools,
    audit,
    pinned_block,
    royalties_svg,
    to_html,
    write_json,
)
from contrafact.audit.sarif import to_sarif
from contrafact.errors import ChainError, NotFound
from contrafact.settings import Settings
from contrafact.wiring.audited_ledger import ChainToAudit
from contrafact.wiring.opinions import opinions_of
from contrafact.wiring.site import Site, generation_is_installed
from contrafact.wiring.trusting import exact_place, trust_of

NOT_ASKED = "Not computed: contrafact audit --opinions does."


class FlacDecoder:
    """Implements the audit's port AudioDecoder."""

    def decode(self, flac: bytes) -> Decoded:
        from contrafact.music.audio import pcm_digest, read_pcm

        pcm, rate = read_pcm(flac)
        return Decoded(pcm_digest(pcm, rate), pcm.astype("<i2").tobytes())


@dataclass(frozen=True, slots=True)
class SiteOpener:
    """Opens chain, store and tools in another process, as of the same block."""

    settings: Settings
    block: int
    opinions: bool

    def __call__(self) -> Opened:
        site = Site(self.settings)
        return ChainToAudit(site.connection, site.deployment, at=self.block), site.store, _tools(site, self.opinions)


def audit_site(
    site: Site,
    on_step: Callable[[str], None] = lambda step: None,
    *,
    confirmed: bool = False,
    opinions: bool = False,
    plan: Plan | None = None,
) -> Report:
    """Audits everything that the site's contracts ever did. Uses only its chain, its addresses and its store.

    `confirmed`: only up to the newest block that has the network's confirmations. `opinions`: with the three views
    of who is in each piece, where the extra `generation` is installed. An audit whose journal has begun goes on as of
    the journal's block; one whose journal is finished begins afresh. See `audit` for what it raises.
    """
    plan = plan or Plan()
    begun = pinned_block(plan.journal) if plan.journal else None
    ledger = ChainToAudit(site.connection, site.deployment, confirmed=confirmed, at=begun)
    opener = SiteOpener(site.settings, ledger.head(), opinions)
    tools = _tools(site, opinions)
    plan = replace(plan, opener=opener, sources=_sources(site))
    report = audit(ledger, site.store, tools, on_step, plan)
    return replace(report, trust=trust_of(site, tools, report.block))


def require_folders(stores: str) -> None:
    """Raises NotFound where a content store is a folder that is not there: a mistyped one would accuse others."""
    for exact in map(exact_place, stores.split(",")):
        if exact.startswith("folder:") and not Path(exact.removeprefix("folder:")).is_dir():
            text = f"There is no content store in {exact.removeprefix('folder:')}: no such folder."
            raise NotFound(text, "Name an existing one with --store.")


def require_other_nodes(urls: str) -> None:
    """Raises ChainError where one node is named twice: it would agree with itself. Keys do not tell nodes apart."""
    nodes = [_node(url.strip()) for url in urls.split(",") if url.strip()]
    if len(set(nodes)) < len(nodes):
        text = "One node is named twice: there is none that it could agree with."
        raise ChainError(text, "Name nodes of others beside it in CONTRAFACT_RPC_URL, or do not ask for agreement.")


def _node(url: str) -> tuple[object, ...]:
    """Scheme, host, port and path of a URL; of what is none, itself: whoever connects refuses it."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "wss": 443}.get(parts.scheme, 80)
        return parts.scheme, parts.hostname, port, parts.path.rstrip("/")
    except ValueError:
        return (url,)


def _sources(site: Site) -> dict[str, object]:
    """What a journal is pinned to of a site: its content stores, in their order, and its keys to protected content."""
    stores = [exact_place(spec) for spec in site.settings.store.split(",")]
    return {"content stores": stores, "keys to protected content": sorted(site.keyring.readers)}


def _tools(site: Site, opinions: bool) -> Tools:
    if not generation_is_installed():
        return Tools()
    opine = opinions_of(site) if opinions else None
    return Tools(site.generator, site.renderer, FlacDecoder(), site.derive, opine, NOT_ASKED, site.same_tune)


def write_reports(report: Report, folder: Path) -> None:
    """Writes `audit.html`, `audit.json`, and a picture of the newest order's money, `royalties.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "audit.html").write_text(to_html(report), encoding="utf-8")
    with (folder / "audit.json").open("w", encoding="utf-8") as file:
        write_json(report, file)
    if report.orders:
        (folder / "royalties.svg").write_text(royalties_svg(report.orders[-1], report.tokens), encoding="utf-8")


def write_sarif(report: Report, file: Path) -> None:
    """Writes the report as SARIF 2.1.0; its folder is made where it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(to_sarif(report), indent=2) + "\n", encoding="utf-8")
