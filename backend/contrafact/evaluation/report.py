"""The results of an evaluation as one self-contained page, with what each experiment would have failed by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from contrafact.evaluation.explained import EXPERIMENTS, Experiment
from contrafact.evaluation.plots import picture
from contrafact.evaluation.rows import Results, Row


@dataclass(frozen=True)
class _Section:
    experiment: Experiment
    rows: Sequence[Row]
    pictures: Sequence[tuple[str, Markup]]


@dataclass(frozen=True)
class Subject:
    """What an evaluation is about: the page's title, what its intervals are, its experiments, its page of Markdown."""

    title: str
    about: str
    experiments: Sequence[Experiment]
    markdown: str


ATTRIBUTION = Subject(
    "Is the attribution true?",
    "Intervals are 95 % bootstrap intervals over pieces. Shares, distances and correlations are numbers without a "
    "unit, a share of 1 being the whole piece; other units are said in the name of the measure. A dash means that there "
    "is none.",
    EXPERIMENTS,
    "evaluation.md.j2",
)


def write_report(results: Results, path: Path, subject: Subject = ATTRIBUTION) -> None:
    """Write the page; its folder is made. Every row of the results is in it, under its experiment or under "More"."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html(results, subject), encoding="utf-8")


def html(results: Results, subject: Subject = ATTRIBUTION) -> str:
    """The page. It needs nothing from anywhere else, and is the same for the same results."""
    return _rendered("evaluation.html.j2", results, subject)


def markdown(results: Results, subject: Subject = ATTRIBUTION) -> str:
    """The same rows as a page of Markdown, without plots, for the documentation."""
    return _rendered(subject.markdown, results, subject)


def _rendered(template: str, results: Results, subject: Subject) -> str:
    judged = [row for row in results.rows if row.met is not None]
    missed = [row for row in judged if not row.met]
    page = _environment(template.endswith(".html.j2")).get_template(template)
    sections = _sections(results, subject.experiments)
    return page.render(results=results, subject=subject, sections=sections, judged=judged, missed=missed)


def _sections(results: Results, experiments: Sequence[Experiment]) -> list[_Section]:
    """Experiments that have rows or series, in their order; a row belongs to the longest beginning of its id."""
    prefixes = {prefix for experiment in experiments for prefix in experiment.prefixes}
    of = {row.id: max(filter(row.id.startswith, prefixes), key=len) for row in results.rows}
    sections = [
        _Section(e, [row for row in results.rows if of[row.id] in e.prefixes], _pictures(e, results))
        for e in experiments
    ]
    return [section for section in sections if section.rows or section.pictures]


def _pictures(experiment: Experiment, results: Results) -> list[tuple[str, Markup]]:
    series = results.series
    drawable = (plot for plot in experiment.plots if all(series.get(name) for name in plot.needs))
    return [(plot.title, picture(plot, series)) for plot in drawable]


@cache
def _environment(escaping: bool) -> Environment:
    loader = PackageLoader("contrafact.evaluation", "templates")
    found = Environment(
        loader=loader, autoescape=escaping, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters["figure"] = _figure
    found.filters["cell"] = _cell
    return found


def _cell(text: str) -> str:
    """Text in a table of Markdown, whatever it holds."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("\n", " ")


def _figure(value: float | None) -> str:
    """Three significant digits, or whole numbers as they are."""
    if value is None:
        return "–"
    if value == int(value) and abs(value) < 1e9:
        return f"{value:,.0f}" if abs(value) >= 10 else f"{value:g}"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
