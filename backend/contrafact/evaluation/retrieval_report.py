"""The results of `evaluate retrieval` as a page of documentation, with its plots."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from contrafact.evaluation.report import cell, figure
from contrafact.evaluation.rows import Results, Row

_INK, _MARK, _OTHER = "#5b6670", "#3572b0", "#c2703d"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True)
class Section:
    """Rows whose ids begin with one of `prefixes`, under a heading, with what the reader should know."""

    title: str
    prefixes: tuple[str, ...]
    says: str


SECTIONS = (
    Section(
        "By kind of change",
        ("rank_1_", "recall_10_", "mrr_"),
        "One version of each work of each kind; an excerpt that lasts 16 s at the work's own tempo. "
        "Works of the same tune family do not count as rivals.",
    ),
    Section(
        "By collection, style, metre and mode",
        ("collection_", "style_", "metre_", "mode_"),
        "All kinds of change together. Groups of fewer than five works have no row. "
        "Styles are what the transcriber called the rhythm, where it was called anything.",
    ),
    Section(
        "What is most unlike",
        ("unlike_", "margin", "separation"),
        "Jigs and chorales are the most unlike music of the pack. "
        "False neighbours are works of the other kind among the nearest ten.",
    ),
    Section(
        "Beside what is cheaper, and what was there",
        ("encoder_", "baseline_", "transcription_"),
        "The same versions by means over time, and, a smaller sample, by the identification that transcribes "
        "first ([evaluation.md](evaluation.md)).",
    ),
    Section(
        "Through a graph instead of exactly",
        ("hnsw_",),
        "HNSW, 32 links a vector, 128 candidates; each query alone, on one thread of a busy machine: "
        "the ratio says more than the milliseconds.",
    ),
    Section(
        "A second opinion on shares",
        ("opinion",),
        "Pieces of 45 s of three works each, their exact shares beside what the ear estimates "
        "from the sound alone (formula below).",
    ),
)


def markdown(results: Results) -> str:
    """The page `docs/retrieval.md`. Raises KeyError for results of another evaluation."""
    loader = PackageLoader("contrafact.evaluation", "templates")
    found = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters.update(figure=figure, cell=cell)
    judged = [row for row in results.rows if row.met is not None]
    return found.get_template("retrieval.md.j2").render(
        results=results,
        sections=[(section, rows) for section in SECTIONS if (rows := _rows(results, section))],
        judged=judged,
        missed=[row for row in judged if not row.met],
    )


def plots(results: Results) -> dict[str, str]:
    """The plots of the page as SVG, by file name; the same bytes for the same results."""
    series = results.series
    drawn = {
        "kinds.svg": lambda axes: _bars(axes, series["kinds"], series["kinds_rank_1"]),
        "likeness.svg": lambda axes: _two(axes, series["own"], series["rival"]),
    }
    return {name: svg(name, draw) for name, draw in drawn.items()}


def _rows(results: Results, section: Section) -> list[Row]:
    return [row for row in results.rows if row.id.startswith(section.prefixes)]


def _bars(axes: Axes, names: Sequence[str], values: Sequence[float]) -> None:
    places = range(len(names))[::-1]
    axes.barh(list(places), values, color=_MARK, height=0.7)
    axes.set_yticks(list(places), [name if len(name) < 48 else name[:46] + "…" for name in names])
    axes.set_xlim(0, 1)
    axes.set_xlabel("rank 1")


def _two(axes: Axes, own: Sequence[float], rival: Sequence[float]) -> None:
    bins = [k / 40 for k in range(-8, 41)]
    axes.hist(rival, bins=bins, color=_OTHER, alpha=0.7, label="nearest work of another family")
    axes.hist(own, bins=bins, color=_MARK, alpha=0.7, label="its own work")
    axes.set_xlabel("likeness of a version")
    axes.set_ylabel("versions")
    axes.legend(frameon=False)


def svg(name: str, draw: Callable[[Axes], None]) -> str:
    """A plot as SVG, in the style of the pages; `name` makes its ids, so that the same plot has the same bytes."""
    with matplotlib.rc_context({**_STYLE, "svg.hashsalt": name}):
        picture = Figure(figsize=(7.2, 3.8), layout="constrained")
        draw(picture.add_subplot())
        file = io.StringIO()
        picture.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return file.getvalue()
