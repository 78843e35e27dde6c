"""Words of 256 bits that hold several numbers: how the contracts pack what is passed and logged often."""

from __future__ import annotations

from contrafact.errors import InvalidInput

_BITS = 256


class Word:
    """The layout of a word: named fields and their widths in bits, from the lowest bit. What is left is spare."""

    def __init__(self, **widths: int) -> None:
        if sum(widths.values()) > _BITS:
            raise ValueError(f"The fields take {sum(widths.values())} bits, a word has {_BITS}.")
        self._widths = widths

    def pack(self, **values: int) -> int:
        """The word that holds `values`, one for each field. Raises InvalidInput naming what does not fit."""
        word = at = 0
        for name, width in self._widths.items():
            value = values[name]
            if not 0 <= value < 1 << width:
                label = name.replace("_", " ")
                raise InvalidInput(f"The {label} {value} does not fit.", f"It must be from 0 to 2^{width} - 1.")
            word |= value << at
            at += width
        return word

    def unpack(self, word: int) -> tuple[int, ...]:
        """The fields' values, in their order. Raises InvalidInput where a spare bit is set."""
        values = []
        rest = word
        for width in self._widths.values():
            values.append(rest & (1 << width) - 1)
            rest >>= width
        if rest:
            raise InvalidInput(f"The word {word:#x} has bits beyond its {len(self._widths)} fields.")
        return tuple(values)
