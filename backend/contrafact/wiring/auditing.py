"""The audit, given a chain, a store and whatever tools are installed; and its reports as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from contrafact.audit import Decoded, Report, Tools, audit, royalties_svg, to_html
from contrafact.audit.sarif import to_sarif
from contrafact.wiring.audited_ledger import ChainToAudit
from contrafact.wiring.opinions import opinions_of
from contrafact.wiring.site import Site, generation_is_installed
from contrafact.wiring.trusting import trust_of

NOT_ASKED = "Not computed: contrafact audit --opinions does."


class FlacDecoder:
    """Implements the audit's port AudioDecoder."""

    def decode(self, flac: bytes) -> Decoded:
        from contrafact.music.audio import pcm_digest, read_pcm

        pcm, rate = read_pcm(flac)
        return Decoded(pcm_digest(pcm, rate), pcm.astype("<i2").tobytes())


def audit_site(
    site: Site,
    on_step: Callable[[str], None] = lambda step: None,
    *,
    confirmed: bool = False,
    opinions: bool = False,
) -> Report:
    """Audits everything that the site's contracts ever did. Uses only its chain, its addresses and its store.

    `confirmed`: only up to the newest block that has the network's confirmations. `opinions`: with the three views
    of who is in each piece, where the extra `generation` is installed.
    """
    tools = Tools()
    if generation_is_installed():
        opine = opinions_of(site) if opinions else None
        tools = Tools(site.generator, site.renderer, FlacDecoder(), site.derive, opine, NOT_ASKED, site.same_tune)
    ledger = ChainToAudit(site.connection, site.deployment, confirmed=confirmed)
    report = audit(ledger, site.store, tools, on_step)
    return replace(report, trust=trust_of(site, tools, report.block))


def write_reports(report: Report, folder: Path) -> None:
    """Writes `audit.html`, `audit.json`, and a picture of the newest order's money, `royalties.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "audit.html").write_text(to_html(report), encoding="utf-8")
    (folder / "audit.json").write_text(json.dumps(report.to_dict(), indent=2) + "\n", encoding="utf-8")
    if report.orders:
        (folder / "royalties.svg").write_text(royalties_svg(report.orders[-1], report.tokens), encoding="utf-8")


def write_sarif(report: Report, file: Path) -> None:
    """Writes the report as SARIF 2.1.0; its folder is made where it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(to_sarif(report), indent=2) + "\n", encoding="utf-8")
