"""Credits of ABC tunes are read by people who know no letters of a notation."""

from __future__ import annotations

import pytest

from contrafact.domain.credit_lines import in_words, shown


@pytest.mark.parametrize(
    ("credit", "words"),
    [
        ("B:Cole's 1000 Fiddle Tunes", "book: Cole's 1000 Fiddle Tunes"),
        ("Z: Bob Puff <b@example.org>", "transcription: Bob Puff <b@example.org>"),
        ("C:Trad.", "composer: Trad."),
        ("S:a\nb", "source: a\nb"),
        ("K:Gmaj", "K:Gmaj"),
        ("C:", "C:"),
        ("b:Cole", "b:Cole"),
        ("arr. A: B.", "arr. A: B."),
    ],
)
def test_the_letters_of_known_fields_are_words(credit: str, words: str) -> None:
    assert in_words(credit) == words
    assert in_words(words) == words


def test_people_read_who_transcribed_a_tune_without_the_host_of_a_mailbox() -> None:
    assert shown("Z:Transcribed by ann.lee@mail.example.org") == "transcription: Transcribed by ann.lee"
    assert shown("Z: Contributed by Ann Lee Ann.Lee:example.org") == "transcription: Contributed by Ann Lee Ann.Lee"
    assert shown("B:O'Neill's 1850") == "book: O'Neill's 1850"
