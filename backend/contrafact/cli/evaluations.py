"""`contrafact evaluate`: is the attribution true? Measured anew, with intervals, targets and baselines."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from contrafact.cli import options, output
from contrafact.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from contrafact.evaluation.attribution import OnProgress, Settings
    from contrafact.evaluation.rows import Results, Row

app = typer.Typer(help="Measures whether attribution is true. Needs the generation extra.", no_args_is_help=True)
EXPERIMENTS_APART = ("audio",)


@app.callback()
def _several() -> None:
    """A group, though it has one command."""


@app.command()
def attribution(
    n: Annotated[int, typer.Option("--n", min=2, help="Pieces.")] = 100,
    seconds: Annotated[int, typer.Option(min=4, max=600, help="Length of a piece.")] = 45,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other works, weights and pieces.")] = 0,
    weights: Annotated[Path | None, typer.Option(metavar="FILE", help="Another model than the released.")] = None,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="For results and report; a rerun goes on from what is there.")
    ] = Path("evaluation-out"),
    threads: Annotated[int, typer.Option(min=1, help="Threads that compute.")] = 1,
    processes: Annotated[int, typer.Option(min=1, help="Processes that generate, each with so many threads.")] = 1,
    skip: Annotated[list[str], typer.Option(metavar="WHAT", help="Leave out: audio.")] = [],  # noqa: B006
    as_json: options.Json = False,
) -> None:
    """Generates pieces and measures their attribution: 100 take about half an hour. A rerun goes on where it was."""
    for name in skip:
        if name not in EXPERIMENTS_APART:
            raise InvalidInput(f"{name} cannot be left out.", f"Only {', '.join(EXPERIMENTS_APART)} can.")
    settings = _settings(n, seconds, seed, threads, heard="audio" not in skip)
    out.mkdir(parents=True, exist_ok=True)
    with _progress() as told:
        results = _evaluate(settings, out, weights, told, processes)
    report = _module("report")
    pages = {"report.html": report.html(results), "evaluation.md": report.markdown(results)}
    _show(results, results.to_json(), out, pages, as_json)


@app.command()
def training(
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="For the evaluation and its report.")] = Path(
        "training-evaluation-out"
    ),
    as_json: options.Json = False,
) -> None:
    """Holds estimates of influence against models that were trained again without the works. Takes seconds."""
    study, report = _module("training.study").study(_module("training.data").load()), _module("training.report")
    pages = {"report.html": report.html(study.results), "influence.md": report.markdown(study.results)}
    _show(study.results, study.to_json(), out, pages, as_json)


@app.command()
def retrieval(
    works: Annotated[int, typer.Option(min=2, help="Works that are looked for, each in every kind of version.")] = 60,
    transcribed: Annotated[int, typer.Option(min=0, help="Works that are looked for through transcription too.")] = 20,
    pieces: Annotated[int, typer.Option(min=0, help="Pieces for the second opinion on shares.")] = 12,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other works, versions and pieces.")] = 0,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="For results and page; a rerun goes on from what is there.")
    ] = Path("retrieval-out"),
    as_json: options.Json = False,
) -> None:
    """Looks for versions of catalogue works among all works, by their sound. A rerun goes on where it was."""
    settings = _module("retrieval").Settings(works=works, transcribed=transcribed, pieces=pieces, seed=seed)
    out.mkdir(parents=True, exist_ok=True)
    with _progress() as told:
        results = _module("retrieval").evaluate(settings, out, on_progress=told)
    report = _module("retrieval_report")
    pages = {"retrieval.md": report.markdown(results), **report.plots(results)}
    _show(results, results.to_json(), out, pages, as_json)


@app.command()
def identification(
    each: Annotated[int, typer.Option(min=2, help="Works of every kind of version.")] = 12,
    strangers: Annotated[int, typer.Option(min=2, help="Recordings of tunes that are no works.")] = 1000,
    copies: Annotated[int, typer.Option(min=2, help="Works whose recordings are copied.")] = 60,
    largest: Annotated[int, typer.Option(min=1000, help="Works of the largest index.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other works, versions and copies.")] = 0,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="For results and page; a rerun goes on from what is there.")
    ] = Path("identification-out"),
    as_json: options.Json = False,
) -> None:
    """Recognises copies and versions of works, and files that are of no work. A rerun goes on where it was."""
    module = _module("identification")
    settings = module.Settings(each=each, strangers=strangers, copies=copies, largest=largest, seed=seed)
    out.mkdir(parents=True, exist_ok=True)
    with _progress() as told:
        results = module.evaluate(settings, out, on_progress=told)
    report = _module("identification_report")
    pages = {"identification.md": report.markdown(results), **report.plots(results)}
    _show(results, results.to_json(), out, pages, as_json)


def _settings(n: int, seconds: int, seed: int, threads: int, heard: bool) -> Settings:
    audio = {} if heard else {"heard": 0, "banded": 0}
    found: Settings = _module("attribution").Settings(pieces=n, seconds=seconds, seed=seed, threads=threads, **audio)
    return found


def _evaluate(settings: Settings, out: Path, weights: Path | None, told: OnProgress, processes: int) -> Results:
    results: Results = _module("attribution").evaluate(settings, out, weights, told, processes)
    return results


def _module(name: str) -> Any:
    try:
        return importlib.import_module(f"contrafact.evaluation.{name}")
    except ModuleNotFoundError as error:
        raise NotFound(f"{error.name} is missing.", "Install the package with its generation extra.") from error


def _show(results: Results, document: str, out: Path, pages: Mapping[str, str], as_json: bool) -> None:
    """Writes the results as data and as pages, and shows them without the raw values."""
    out.mkdir(parents=True, exist_ok=True)
    texts = {"results.json": document, **pages}
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    table = output.table(["measure", "value amount", "95 % interval", "n", "target", "note"], map(_cells, results.rows))
    shown = {key: value for key, value in json.loads(document).items() if key != "series"}
    output.show(shown, as_json, table, _verdict(results), f"Written: {', '.join(str(out / name) for name in texts)}")


@contextmanager
def _progress() -> Iterator[OnProgress]:
    """A bar on standard error for what is being done; nothing where that is no terminal."""
    columns = TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=output.aside, transient=True, disable=not output.aside.is_terminal) as bars:
        task = bars.add_task("", total=None)
        yield lambda what, done, of: bars.update(task, description=what, completed=done, total=of)


def _cells(row: Row) -> tuple[str, ...]:
    interval = "" if row.low is None or row.high is None else f"{_number(row.low)} … {_number(row.high)}"
    target = row.target + {True: " met", False: " MISSED", None: ""}[row.met]
    return row.name, _number(row.value), interval, str(row.n), target, row.note


def _number(value: float) -> str:
    if value and abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _verdict(results: Results) -> str:
    missed = [row.id for row in results.rows if row.met is False]
    return f"Below their targets: {', '.join(missed)}." if missed else "Every target is met."
