"""The results of `evaluate identification` as a page of documentation, with its plots."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.axes import Axes

from contrafact.evaluation.report import cell, figure
from contrafact.evaluation.retrieval_report import Section, svg
from contrafact.evaluation.rows import Results, Row
from contrafact.music.pack import Pack, load_pack

SECTIONS = (
    Section(
        "Versions: recordings",
        ("version", "time_"),
        "Excerpts that last 16 s at the work's own tempo, rendered, transcribed, read as scores and looked for among "
        "all works. Relatives of a work do not count as its rivals.",
    ),
    Section(
        "Versions: scores",
        ("score",),
        "Written anew as MIDI files without a key signature, read like any upload.",
    ),
    Section(
        "Files of no work",
        ("false_accepts", "false_score", "false_part", "false_recording", "false_family", "false_pair"),
        "Each tune is asked for while its relatives are taken out of the catalogue: its family, and whatever shares "
        "a run of ten intervals with it.",
    ),
    Section(
        "Copies of recordings",
        ("cop", "false_copies", "other_"),
        "By the audio fingerprint alone. Everything is played by one synthesiser to the same clock, which makes other "
        "performances more alike than players could.",
    ),
    Section(
        "Growth", ("scale_",), "The index in a file, each query alone, on a machine that was busy with other work."
    ),
)
_MARK, _OTHER = "#3572b0", "#c2703d"


def markdown(results: Results, pack: Pack | None = None) -> str:
    """The page `docs/identification.md`. Raises KeyError for results of another evaluation."""
    loader = PackageLoader("contrafact.evaluation", "templates")
    found = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters.update(figure=figure, cell=cell)
    judged = [row for row in results.rows if row.met is not None]
    pack = pack or load_pack()
    return found.get_template("identification.md.j2").render(
        results=results,
        sections=[(section, rows) for section in SECTIONS if (rows := _rows(results, section))],
        judged=judged,
        missed=[row for row in judged if not row.met],
        taken_for=[
            (pack.tune(tune).title, kind, pack.tune(like).title, measure, counted)
            for tune, kind, like, measure, counted in results.series["taken_for"]
        ],
    )


def plots(results: Results) -> dict[str, str]:
    """The plots of the page as SVG, by file name; the same bytes for the same results."""
    series, threshold = results.series, float(results.settings["threshold"])
    return {
        "measures.svg": svg(
            "measures.svg", lambda axes: _two(axes, series["own_measures"], series["stranger_measures"], threshold)
        )
    }


def _rows(results: Results, section: Section) -> list[Row]:
    return [row for row in results.rows if row.id.startswith(section.prefixes)]


def _two(axes: Axes, own: Sequence[float], strangers: Sequence[float], threshold: float) -> None:
    bins = [k / 4 for k in range(50)]
    axes.hist(strangers, bins=bins, color=_OTHER, alpha=0.7, label="files of no work", density=True)
    axes.hist(own, bins=bins, color=_MARK, alpha=0.7, label="recordings of versions", density=True)
    axes.axvline(threshold, color="#5b6670", linestyle="--")
    axes.set_xlabel("measure of the best alignment; dashed: the threshold")
    axes.set_yticks([])
    axes.legend(frameon=False)
