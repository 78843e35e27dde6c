"""The experiments in plain words: what is asked, what would have made it fail, and what is drawn of it."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.evaluation.plots import Histogram, Plot, Scatter


@dataclass(frozen=True)
class Experiment:
    """Its rows are those whose ids begin with one of `prefixes`; the empty one takes what is left."""

    prefixes: tuple[str, ...]
    title: str
    asks: str
    fails: str
    plots: tuple[Plot, ...] = ()


EXPERIMENTS = (
    Experiment(
        ("share",),
        "Do the shares come out as asked?",
        "Pieces are ordered with weights drawn at random; the share that each source had in the end is held against "
        "its weight, with the share controller and without it.",
        "A controller that does not steer: shares that differ from the weights as much as they do without it.",
        (
            Scatter("Requested and realised share", "requested", "realised", "requested share", "realised share", True),
            Scatter(
                "The same, controller off", "requested_off", "realised_off", "requested share", "realised share", True
            ),
        ),
    ),
    Experiment(
        ("base_share",),
        "How much is the model's own?",
        "The share of a piece that no source is credited with.",
        "A base that writes a large part of the piece: then there is little for the sources to be paid for.",
        (Histogram("Base share", "base_share", "base share of a piece"),),
    ),
    Experiment(
        ("regeneration",),
        "What is lost when a source is taken away?",
        "The piece is generated anew, with the same seed and without one source; what it then has less in common with "
        "that source is held against the share that the source was credited with.",
        "Shares that tell no more than the weights do: the weights, and the likeness of piece and source, are "
        "measured beside them.",
        (
            Scatter(
                "Share and overlap lost",
                "regeneration_share",
                "regeneration_lost",
                "share of the source",
                "overlap lost without it",
            ),
            Scatter(
                "The same, controller off",
                "regeneration_off_share",
                "regeneration_off_lost",
                "share of the source",
                "overlap lost without it",
            ),
        ),
    ),
    Experiment(
        ("ablation",),
        "What is a source worth to the piece's likelihood?",
        "How much less likely the notes of the piece become to the generator when one source may no longer write. "
        "In a mixture this is tied to the responsibilities, so it is weak evidence.",
        "A source with a large share whose absence changes nothing.",
        (
            Scatter(
                "Share and likelihood lost",
                "ablation_share",
                "ablation_drop",
                "share of the source",
                "log-likelihood lost, nats",
            ),
        ),
    ),
    Experiment(
        ("shapley",),
        "What is it worth in every company?",
        "The exact Shapley value of each source: its mean worth over all orders in which the sources could join.",
        "Shares that rank the sources otherwise.",
        (Scatter("Share and Shapley value", "ablation_share", "ablation_shapley", "share", "Shapley value, nats"),),
    ),
    Experiment(
        ("any_rank", "top_rank", "rank", "audio"),
        "Can the sources be found in the notes, or in the sound, alone?",
        "A method that knows nothing of the generator ranks all works of the pack by how much of the piece is found "
        "in them. Rank 1 is the best.",
        "Chosen works that stand no higher than any others: then the piece would owe them nothing that can be heard.",
        (
            Histogram("Rank of the work with the largest share", "rank_of_top", "rank", whole=True),
            Histogram("Ranks of all chosen works", "ranks", "rank", "works", whole=True),
        ),
    ),
    Experiment(
        ("control", "replay", "sum"),
        "Do the books add up?",
        "Shares are added up, pieces are replayed, and a work of no weight, which is never read, is ordered with them.",
        "Sums other than one, a replay with other notes, or a work that is credited with what it was not asked for.",
    ),
    Experiment(
        ("longest_run", "copied", "human", "variant"),
        "Is it conditioning or copying?",
        "The longest run of tokens that a piece repeats verbatim from a source, beside what tunes of different "
        "families have in common, and variants of one tune. A guard forbids runs past a limit.",
        "A run beyond the limit.",
        (
            Histogram("Longest verbatim run of a piece", "longest_run", "tokens", whole=True),
            Histogram("The same, between tunes of people", "human_longest_run", "tokens", "tunes", whole=True),
        ),
    ),
    Experiment(
        ("quality",),
        "Is it music like the music it learnt from?",
        "Loss on tunes of unseen families, and distributions of pitch, rhythm and form held against real tunes of the "
        "same metre. Two random halves of the real tunes show how near one can come (the floor).",
        "Distances far above the floor, or pieces that repeat nothing, or do not end on the tonic, where tunes do.",
    ),
    Experiment(("",), "More", "Measures that belong to none of the experiments above.", "See the target of each."),
)
