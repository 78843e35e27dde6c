"""Three views of who is in a piece: the exact shares, what its sound says, and what the model's gradients say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contrafact.domain.shares import largest_remainder

ONLY_EXACT_PAYS = "Only the exact shares move money; the other two are estimates, and pay nobody."
NOTHING_ABOVE_ZERO = "no score is above zero"
_FINE = 10**12


@dataclass(frozen=True, slots=True)
class Opinions:
    """Parts of the sources in a piece, in ppm that sum to the whole without the base, in the order of `sources`.

    `exact` is what the order is paid by, `heard` the estimate from the sound alone, `gradients` that from the model's
    gradients: None where they say nothing, for the reason in `silence`. `windows` has the places of the sources that
    shares and sound name first in each window of four seconds, a second apart; None where no source sounds.
    """

    sources: tuple[str, ...]
    exact: tuple[int, ...]
    heard: tuple[int, ...]
    gradients: tuple[int, ...] | None
    windows: tuple[tuple[int | None, int], ...] = ()
    silence: str = ""

    @classmethod
    def of(
        cls,
        shares: dict[str, int],
        heard: Sequence[float],
        scores: Sequence[float] | str,
        windows: Sequence[tuple[int | None, int]] = (),
    ) -> Opinions:
        """From shares of the whole piece by source, estimated shares, and scores, or the reason why there are none.

        Of scores the part above zero counts. Raises InvalidInput where all shares are zero.
        """
        exact = largest_remainder(list(shares.values()))
        silence = scores if isinstance(scores, str) else "" if max(scores) > 0 else NOTHING_ABOVE_ZERO
        gradients = None if silence or isinstance(scores, str) else _parts(scores)
        return cls(tuple(shares), exact, _parts(heard), gradients, tuple(windows), silence)

    @property
    def firsts(self) -> tuple[int, int, int | None]:
        """Which source each view names first: by share, by sound, by gradients. Of equals it is the earlier one."""
        return _first(self.exact), _first(self.heard), None if self.gradients is None else _first(self.gradients)

    @property
    def agree(self) -> bool:
        """Whether all three say something, and name the same source first."""
        return len(set(self.firsts)) == 1

    @property
    def heard_correlation(self) -> float | None:
        """Spearman's rank correlation of the sound's estimate with the shares; None for fewer than three sources."""
        return _spearman(self.exact, self.heard)

    @property
    def gradients_correlation(self) -> float | None:
        """The same of the gradients; None also where they say nothing."""
        return None if self.gradients is None else _spearman(self.exact, self.gradients)

    @property
    def windows_agree(self) -> tuple[bool | None, ...]:
        """Whether shares and sound name the same source first in each window; None where no source sounds."""
        return tuple(None if exact is None else exact == heard for exact, heard in self.windows)

    def in_words(self, names: Sequence[str]) -> str:
        """Where the views agree and where not, with the sources by these names."""
        if len(self.sources) == 1:
            return "It has one source only, so there is nothing to tell apart."
        silent = f"; the gradients say nothing ({self.silence})" if self.gradients is None else ""
        if self.agree:
            return f"All three name {names[self.firsts[0]]} first."
        by: dict[int, list[str]] = {}
        for view, first in zip(("share", "sound", "gradients"), self.firsts, strict=True):
            if first is not None:
                by.setdefault(first, []).append(view)
        parts = [f"by {' and '.join(views)} {names[first]}" for first, views in by.items()]
        return f"B{parts[0][1:]} is first{''.join(f', {part}' for part in parts[1:])}{silent}."

    def windows_in_words(self) -> str:
        """In how many windows the sound agrees; empty where no source sounds in any."""
        sounding = [same for same in self.windows_agree if same is not None]
        count = f"{sum(sounding)} of {len(sounding)} windows of four seconds"
        return f"Sound and shares name the same source first in {count}." if sounding else ""

    def correlations_in_words(self) -> str:
        """The rank correlations; empty for fewer than three sources."""
        views = (("sound", self.heard_correlation), ("gradients", self.gradients_correlation))
        told = [f"{value:.2f} by {view}" for view, value in views if value is not None]
        return f"Rank correlation with the shares: {', '.join(told)}." if told else ""

    def to_dict(self) -> dict[str, object]:
        """For machines."""
        return {
            "sources": list(self.sources),
            "exact": list(self.exact),
            "heard": list(self.heard),
            "gradients": None if self.gradients is None else list(self.gradients),
            "silence": self.silence or None,
            "firsts": list(self.firsts),
            "agree": self.agree,
            "rank_correlation": {"heard": self.heard_correlation, "gradients": self.gradients_correlation},
            "windows": [list(window) for window in self.windows],
        }


def _parts(values: Sequence[float]) -> tuple[int, ...]:
    """What is above zero, in ppm of its sum."""
    highest = max(values)
    return largest_remainder([round(max(value, 0.0) / highest * _FINE) if highest > 0 else 0 for value in values])


def _first(parts: Sequence[int]) -> int:
    return max(range(len(parts)), key=lambda i: (parts[i], -i))


def _spearman(one: Sequence[int], other: Sequence[int]) -> float | None:
    if len(one) < 3:
        return None
    a, b = _centred_ranks(one), _centred_ranks(other)
    spread = (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5
    return sum(x * y for x, y in zip(a, b, strict=True)) / spread if spread > 0 else 0.0


def _centred_ranks(values: Sequence[int]) -> list[float]:
    """How many are below less how many are above, halved: ranks with their mean taken off; equals share theirs."""
    return [(sum(v < value for v in values) - sum(v > value for v in values)) / 2 for value in values]
