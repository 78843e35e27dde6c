"""Measurements of the audit, for `contrafact bench audit`: each in a process of its own, so that peaks are its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from contrafact.audit import AuditVerdict, Plan, Replays, Tools, audit
from contrafact.domain.generation import GenerationRequest, MusicRequest, SourceInput
from contrafact.ports import Generator, Verdict

from . import made_up
from .fakes import FakeDecoder
from .history import derive, fake_same_tune

Row = dict[str, Any]
_CHECKOUT = Path(__file__).parents[2]
_SECONDS = 8


def growth(sizes: list[int]) -> list[Row]:
    """Audits without replays of made-up honest histories, with time and peak memory beside those of the smallest."""
    rows = [_apart("audited", size) for size in sizes]
    first = rows[0]
    for row in rows:
        row["per_order_ratio"] = round(row["ms_per_order"] / first["ms_per_order"], 2)
        row["memory_ratio"] = round(row["peak_mb"] / first["peak_mb"], 2)
    return rows


def replays(count: int) -> Row:
    """The real generator on real tunes: so many pieces of a few seconds, each generated and then replayed."""
    return _apart("replayed", count)


def audited(size: int) -> Row:
    """One audit of so many orders, from a chain and a store on disk."""
    with tempfile.TemporaryDirectory() as folder:
        _run("written", str(size), folder)
        ledger, store = made_up.read(Path(folder))
        tools = Tools(decoder=FakeDecoder(), derive=derive, same_tune=fake_same_tune)
        before = _peak_mb()
        began, cpu = time.perf_counter(), time.process_time()
        report = audit(ledger, store, tools, plan=Plan(replays=Replays(0)))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        ledger.database.close()  # type: ignore[attr-defined]
    if report.verdict is not AuditVerdict.OK or report.findings:
        raise AssertionError(f"an honest history is {report.verdict}: {report.findings[:3]}")
    figures = {"orders": size, "checks": report.done, "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2)}
    figures |= {"ms_per_order": round(1_000 * cpu / size, 2), "orders_per_second": round(size / cpu, 1)}
    return figures | {"before_mb": round(before, 1), "peak_mb": round(_peak_mb(), 1)}


def replayed(count: int) -> Row:
    from contrafact.music.checkpoint import load_model
    from contrafact.music.generate import Generator as MixtureGenerator

    generator: Generator = MixtureGenerator(load_model(), threads=1)
    requests = [_request(number) for number in range(count)]
    made = [generator.generate(request) for request in requests]
    began, cpu = time.perf_counter(), time.process_time()
    verdicts = [generator.replay(request, each.events).verdict for request, each in zip(requests, made, strict=True)]
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    if set(verdicts) != {Verdict.IDENTICAL}:
        raise AssertionError(f"a replay on the same machine is {verdicts}")
    figures = {"replays": count, "seconds_of_music": _SECONDS, "cpu_seconds": round(cpu, 2)}
    return figures | {
        "per_second": round(count / cpu, 2),
        "seconds": round(seconds, 2),
        "peak_mb": round(_peak_mb(), 1),
    }


def written(size: int, folder: str) -> Row:
    made_up.write(Path(folder), size)
    return {}


def _request(number: int) -> GenerationRequest:
    from contrafact.music.reading import read_score
    from contrafact.music.source_form import SourceForm

    sources = []
    for path in sorted((_CHECKOUT / "docs" / "examples").glob("*.abc"))[:2]:
        form = SourceForm.from_score(read_score(path.read_bytes(), "text/vnd.abc")).to_bytes()
        sources.append(SourceInput(path.name, form, 500_000, 0))
    music = MusicRequest(seconds=_SECONDS, tempo=112, tonic=2, mode="major", metre=(6, 8))
    return GenerationRequest(tuple(sources), music, number.to_bytes(32), 1_000_000)


def _apart(what: str, size: int) -> Row:
    """The figures of a measurement in a fresh process."""
    return _run(what, str(size))


def _run(*arguments: str) -> Row:
    command = [sys.executable, "-m", "tests.audit.bench", *arguments]
    done = subprocess.run(command, cwd=_CHECKOUT, stdout=subprocess.PIPE, check=True, text=True)
    found: Row = json.loads(done.stdout)
    return found


def _peak_mb() -> float:
    """The most that this process has had in memory. `ru_maxrss` would count what its parent had when it forked."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(kilobytes) / 1024, 1)


if __name__ == "__main__":
    name, amount, *more = sys.argv[1:]
    print(json.dumps({"audited": audited, "replayed": replayed, "written": written}[name](int(amount), *more)))
