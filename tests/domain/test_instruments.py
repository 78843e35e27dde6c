from __future__ import annotations

import pytest

from contrafact.domain.generation import Voice
from contrafact.domain.instruments import voices
from contrafact.errors import InvalidInput


def test_parts_are_read_with_instruments_by_name_number_or_habit() -> None:
    assert voices(["bass", " Melody = Violin", "harmony=19"]) == (
        Voice("melody", 40),
        Voice("harmony", 19),
        Voice("bass", 33),
    )


def test_the_melody_is_always_there() -> None:
    assert voices(["drums"]) == (Voice("melody", 73), Voice("drums", 0))


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        (["kazoo"], "not a part"),
        (["bass=kazoo"], "not an instrument"),
        (["bass=128"], "not an instrument"),
        (["bass=-1"], "not an instrument"),
        (["bass", "bass=piano"], "twice"),
        (["drums=piano"], "Drums"),
        ([""], "not a part"),
    ],
)
def test_what_is_not_a_part_says_what_is(parts: list[str], word: str) -> None:
    with pytest.raises(InvalidInput, match=word) as caught:
        voices(parts)
    assert caught.value.hint
