"""The audit needs nothing that an operator runs, and no model: it does all else without, and says what it left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# What the base install does not have, and what of this package belongs to an operator's service.
ABSENT = (
    "torch", "numpy", "scipy", "soundfile", "midirenderer", "music21", "sqlalchemy", "alembic", "fastapi", "ray",
    "faiss", "contrafact.read_model", "contrafact.store", "contrafact.web", "contrafact.music", "contrafact.jobs",
)  # fmt: skip

LEAN_AUDIT = f"""
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if any(name == absent or name.startswith(absent + ".") for absent in {ABSENT!r}):
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
import contrafact.wiring.auditing
from contrafact.audit import AuditVerdict, Tools, audit, to_html
from tests.audit.history import honest_world

world = honest_world()
report = audit(world.ledger, world.store, Tools())
assert report.verdict is AuditVerdict.INCOMPLETE and not report.findings, report.findings
to_html(report)
print(*sorted({{gap.check for gap in report.not_checked}}))
"""


def test_the_audit_runs_without_what_an_operator_has_and_names_what_it_cannot_do() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LEAN_AUDIT], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "audio.pcm", "audio.stems", "model.weights", "order.distinct", "render.same", "replay.runs",
        "replay.same", "work.derived",
    ]  # fmt: skip
