"""`python -m contrafact.demo`: runs the whole main job once and leaves its files in a folder."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from contrafact.audit import AuditVerdict, Report
from contrafact.demo.chain import development_chain
from contrafact.demo.pool import SharedOut
from contrafact.demo.report import report
from contrafact.demo.serving import serve
from contrafact.demo.stage import BOND, Listed, Stage
from contrafact.demo.story import DOLLAR, StepTimer, Story
from contrafact.domain.digests import to_hex
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.record import AttributionRecord
from contrafact.errors import ContrafactError
from contrafact.order import certifying
from contrafact.order.folder import OrderFolder
from contrafact.order.job import Finished
from contrafact.settings import Settings
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site, write_reports


def main() -> int:
    """Runs the demo; returns 0 when the audit finds everything in order."""
    parser = argparse.ArgumentParser(description="The whole main job on real music, on a development chain.")
    parser.add_argument("--out", type=Path, default=Path("demo-out"), help="folder for the files (default: demo-out)")
    parser.add_argument("--serve", action="store_true", help="then serve the web app on it, until Ctrl-C")
    given = parser.parse_args()
    try:
        with ExitStack() as stack:
            demo = Demo(given.out, stack)
            code = demo.play()
            return serve(demo.stage.site.settings, given.out / "state") if given.serve and code == 0 else code
    except ContrafactError as error:
        print(f"Error: {error.message}\n→ {error.hint}", file=sys.stderr)
        return error.exit_code


class Demo:
    """The acts in their order, each told on the terminal; files go to `out`, the state behind them to `out/state`."""

    def __init__(self, out: Path, stack: ExitStack) -> None:
        self.out, self.story = out, Story()
        _clear(out)
        self.stage = self._open(stack)

    def play(self) -> int:
        """The whole demo. Returns the exit code."""
        listed = self._fill_catalogue()
        chosen = self.stage.choose(listed)
        signed = self._quote_and_refuse(chosen, listed[-1])
        order_id, finished = self._fund_and_run(signed)
        record = finished.record
        self._tell_payments(chosen, order_id, finished)
        shared = self._share_pool(record)
        audit = self._audit()
        self._write(order_id, record, shared, audit)
        return 0 if audit.verdict is AuditVerdict.OK else 1

    def _open(self, stack: ExitStack) -> Stage:
        state = self.out / "state"
        self.story.heading("A chain of our own")
        with self.story.act("chain"):
            url = stack.enter_context(development_chain(state / "devnet.log"))
        settings = Settings(
            rpc_url=url,
            deployment=state / "deployment.json",
            store=f"folder:{state / 'store'}",
            home=state / "operator",
        )
        stage = Stage(Site(settings))
        with self.story.act("deploy"):
            made = stage.deploy()
        self.story.tell(f"Chain {made.chain_id} runs at {url}; {len(made.contracts)} contracts are deployed.")
        self.story.tell(f"The operator answers for its orders with a bond of {DOLLAR.format(BOND)}.")
        return stage

    def _fill_catalogue(self) -> list[Listed]:
        self.story.heading("A catalogue of real tunes")
        with self.story.act("register") as progress:
            listed = self.stage.register(progress)
        holders = {leaf.holder for work in listed for leaf in work.entry.split.leaves}
        self.story.tell(
            f"{len(listed)} works of {len(holders)} rights holders are registered, each with its licence terms. "
            "The tunes are real; the holders are fictitious."
        )
        self._register_model()
        return listed

    def _register_model(self) -> None:
        """The model's own songs: what it learnt from is somebody's, too."""
        self.story.heading("The model, and what it learnt from")
        refusal = self.stage.refused_model()
        self.story.tell(f"Without consent it cannot be registered: {refusal.split(':')[0]}.")
        with self.story.act("consent"):
            anchored = self.stage.anchor_collections()
        works = sum(len(collection.works) for collection in anchored)
        self.story.tell(
            f"{len(anchored)} stewards of collections (fictitious, too) consent, each in one transaction: "
            f"{works} works to learn from, none to make pieces of."
        )
        with self.story.act("model"):
            learnt = self.stage.register_model()
        self.story.tell(
            f"The model is registered with the list of the {learnt} works it learnt from; anybody can check it."
        )

    def _quote_and_refuse(self, chosen: list[Listed], opted_out: Listed) -> SignedQuote:
        self.story.heading("An order")
        with self.story.act("quote"):
            signed = self.stage.quote(chosen)
        names = ", ".join(f"“{work.entry.tune.title}”" for work in chosen)
        self.story.tell(f"A maker asks for 30 seconds from {names}, weighted 50, 30 and 20 %.")
        self.story.tell(f"It can cost at most {DOLLAR.format(signed.quote.escrow)}.")
        with self.story.act("refusal"):
            desk, contract = self.stage.refusals(signed, opted_out)
        self.story.tell(f"“{opted_out.entry.tune.title}” is opted out, so nobody gets a piece made of it:")
        self.story.tell(f"  the operator's desk: {desk}")
        self.story.tell(f"  the contract itself: {contract}")
        return signed

    def _fund_and_run(self, signed: SignedQuote) -> tuple[bytes, Finished]:
        with self.story.act("fund"):
            order_id = self.stage.fund(signed)
        self.story.tell(f"Funded: {DOLLAR.format(signed.quote.escrow)} lie in escrow for order {to_hex(order_id)}.")
        steps = StepTimer(self.story)
        finished = self.stage.run(order_id, steps.start, steps.progress)
        steps.end()
        return order_id, finished

    def _tell_payments(self, chosen: list[Listed], order_id: bytes, finished: Finished) -> None:
        self.story.heading("Who got what")
        reader = self.stage.site.reader
        works = [work.work_id for work in chosen]
        paid = [event for event in reader.paid() if event.beneficiary in works]
        self.story.who_got_what(chosen, finished.record, paid)
        for left in finished.waiting:
            self.story.tell(f"{DOLLAR.format(left.amount)} wait: {left.reason}.")
        (committed,) = reader.committed(order_id)
        self.story.tell(f"{DOLLAR.format(committed.refunded)} were not used and went back to the maker.")

    def _share_pool(self, record: AttributionRecord) -> SharedOut:
        """What the model itself wrote is paid to those whose works it learnt from."""
        self.story.heading("What the model learnt from")
        with self.story.act("pool"):
            shared = self.stage.share_pool(record.model_id)
        found, works = shared.record, len(shared.record.works)
        self.story.tell(
            f"The base's {DOLLAR.format(found.total)} are an epoch of the training pool: shared equally among "
            f"{shared.families} tune families of {works} works, claimed by {len(found.tree.leaves)} holders; "
            f"{DOLLAR.format(shared.left)} are left."
        )
        claims = max(shared.gas_of_claims)
        self.story.tell(f"Closing it took {shared.gas_of_close:,} gas, a claim at most {claims:,}.")
        return shared

    def _audit(self) -> Report:
        self.story.heading("The audit, from the chain and the content store alone")
        with self.story.act("audit"):
            audit = audit_site(self.stage.site, opinions=True)
            write_reports(audit, self.out)
        self.story.tell(f"Verdict: {audit.verdict}, {audit.done} checks, {len(audit.errors)} failed.")
        return audit

    def _write(self, order_id: bytes, record: AttributionRecord, shared: SharedOut, audit: Report) -> None:
        folder = OrderFolder(self.stage.site.settings.home, order_id)
        shutil.copytree(folder.path / "delivery", self.out, dirs_exist_ok=True)
        certified = certifying.described(folder, "flac")
        figures = report(self.stage.site.reader, order_id, record, audit, self.story.seconds)
        figures["epoch"] = shared.to_dict()
        (self.out / "report.json").write_text(json.dumps(figures, indent=2) + "\n")
        self.story.heading(f"Everything is in {self.out}/")
        if certified["certified"]:
            self.story.tell("piece.flac carries a certificate (C2PA), signed by the operator: it names the songs.")
        else:
            self.story.tell(f"piece.flac carries no certificate: {certified['reason']}")
        self.story.tell("Listen to piece.flac, and in stems/ to what each song was paid for; open audit.html.")
        self.story.tell(f"It took {self.story.elapsed:.0f} seconds.")


def _clear(out: Path) -> None:
    """An earlier demo's folder is replaced; any other folder with files is left alone. Raises ContrafactError."""
    if out.exists() and any(out.iterdir()):
        if not (out / "state").is_dir():
            raise ContrafactError(f"{out} holds files that are not a demo's.", "Give another folder with --out.")
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)


if __name__ == "__main__":
    sys.exit(main())
