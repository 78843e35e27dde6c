"""What a score says of its title and its authors."""

from __future__ import annotations

import io
import zipfile

from contrafact.music.reading.names import named

MUSICXML, MXL = "application/vnd.recordare.musicxml+xml", "application/vnd.recordare.musicxml"
SCORE = b"""<score-partwise><work><work-title>Bread &amp; Salt</work-title></work><identification>
<creator type="composer">Mara Quill</creator><creator type="poet">Mara Quill</creator></identification>
</score-partwise>"""


def test_a_score_names_itself_and_its_authors() -> None:
    assert named(b"X:1\nT: The  Crooked\tLadder\nT:Other\nC:Mara Quill\nK:D\n", "text/vnd.abc") == (
        "The Crooked Ladder",
        ("Mara Quill",),
    )
    assert named(SCORE, MUSICXML) == ("Bread & Salt", ("Mara Quill",))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("score.xml", SCORE)
    assert named(packed.getvalue(), MXL) == ("Bread & Salt", ("Mara Quill",))
    midi = b"MThd\0\0\0\x06\0\x01\0\x01\x01\xe0MTrk\0\0\0\x0c\0\xff\x03\x04R\xeave\0\xff/\0"
    assert named(midi, "audio/midi") == ("Rêve", ())


def test_what_names_nothing_or_is_damaged_has_no_name() -> None:
    for kind in ("text/vnd.abc", "audio/midi", MUSICXML, MXL, "audio/wav"):
        for data in (b"", b"PK\x03\x04 damaged", b"T", SCORE[:40], bytes(range(256))):
            assert named(data, kind) == ("", ())
