"""The results of `contrafact evaluate training` as pages."""

from __future__ import annotations

from contrafact.evaluation import report
from contrafact.evaluation.explained import Experiment
from contrafact.evaluation.plots import Bars, Histogram, Scatter
from contrafact.evaluation.report import Subject
from contrafact.evaluation.rows import Results

EXPERIMENTS = (
    Experiment(
        ("lds",),
        "Do the scores foretell what training on half of the works does?",
        "Proxies are trained on random halves of the training works, each with several seeds; the sum of a half's scores "
        "is held against what the proxies then make of a query: the rank correlation over the halves (LDS).",
        "Scores that order the halves no better than random ones, or than likeness does.",
        (
            Bars("LDS by estimator", "estimators", "estimator_lds", "mean LDS"),
            Histogram("LDS of each query", "lds", "LDS", "queries"),
        ),
    ),
    Experiment(
        ("limit",),
        "How high can it be?",
        "The same half, trained with another seed, gives other losses; what two seeds agree on limits every estimate.",
        "Losses that are nothing but the luck of the seed.",
    ),
    Experiment(
        ("centred",),
        "Do the scores know which query is asked about?",
        "Some halves are better for every query. What a half does to all queries alike is taken from losses and scores.",
        "Scores that know good works from bad, but not for whom: nothing is left of them here.",
    ),
    Experiment(
        ("degenerate",),
        "Is it one ranking for everything?",
        "An estimator that ranks works alike for every query can still have an LDS above zero.",
        "One ranking for all that reaches what the estimator reaches.",
    ),
    Experiment(
        ("own",),
        "Is a tune found as its own influence?",
        "A copy of a training tune is asked about; the tune itself should come first of all.",
        "Any other tune in its place.",
    ),
    Experiment(
        ("catalogues",),
        "Do the scores foretell what leaving out a whole catalogue does?",
        "Proxies are trained without each catalogue in turn. The sum of a catalogue's scores is held against what the "
        "query loses without it, over the catalogues, for each query.",
        "An interval, over queries and catalogues, that holds zero: then no pool is shared by influence.",
        (
            Scatter(
                "Catalogues, each query about its mean",
                "catalogue_estimated",
                "catalogue_lost",
                "estimated",
                "lost without it",
            ),
        ),
    ),
    Experiment(
        ("works",),
        "And a single work?",
        "Proxies are trained without one work. Its scores are held against what the queries lose, over the queries.",
        "Nothing but noise, which a single work among hundreds hardly rises above.",
    ),
    Experiment(("",), "More", "What else was measured.", "Nothing: it is only reported."),
)
TRAINING = Subject(
    "Is influence true?",
    "Intervals are 95 % bootstrap intervals over queries; those of catalogues are over queries and catalogues together. "
    "Correlations are numbers without a unit. A dash means that there is none.",
    EXPERIMENTS,
    "influence.md.j2",
)


def html(results: Results) -> str:
    """The page with plots; it needs nothing from anywhere else."""
    return report.html(results, TRAINING)


def markdown(results: Results) -> str:
    """The page of the documentation."""
    return report.markdown(results, TRAINING)
