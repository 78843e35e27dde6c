"""Calendar months in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from contrafact.errors import InvalidInput

_FORM = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month from 1970 to 9998; `str` gives `2026-01`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """`2026-01`. Raises InvalidInput for anything else."""
        found = _FORM.fullmatch(text)
        if found is None or not 1970 <= int(found[1]) <= 9998:
            raise InvalidInput(f"{text!r} is not a month.", "Write it as 2026-01.")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def at(cls, seconds: int) -> Month:
        """The month of a time."""
        day = datetime.fromtimestamp(seconds, UTC)
        return cls(day.year, day.month)

    @property
    def start(self) -> int:
        """Its first second since the epoch."""
        return int(datetime(self.year, self.number, 1, tzinfo=UTC).timestamp())

    @property
    def end(self) -> int:
        """The first second that is no longer in it."""
        return self.following.start

    @property
    def following(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"
