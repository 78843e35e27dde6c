"""Files that are recognised as registered works: as the source of an order, and when something is registered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from contrafact import recognising, registration
from contrafact.cli import naming, options, output
from contrafact.domain.digests import to_hex
from contrafact.domain.recognition import Candidate, Likeness
from contrafact.errors import NotFound
from contrafact.wiring import Site
from contrafact.wiring.identifying import identification_of, identified

VersionOf = Annotated[
    list[str],
    typer.Option("--version-of", metavar="WORK", show_default=False, help="State that it is a version of this work."),
]
NotAVersion = Annotated[
    list[str],
    typer.Option(
        "--not-a-version", metavar="WORK", show_default=False, help="State that it is no version of this work."
    ),
]
Contest = Annotated[
    list[str],
    typer.Option(
        "--contest", metavar="WORK", show_default=False, help="State that this registered work is yours by right."
    ),
]


def source(site: Site, text: str) -> bytes:
    """The id of a work that is named by its id, or by a file that is a copy or a version of it, which is then said.

    Raises NotFound for a file that is neither, and what `naming.work_id` and reading the file raise.
    """
    path = Path(text)
    if not path.is_file():
        return naming.work_id(site, text)
    media_type, data = registration.media_type(path.name), options.read_file(path)
    found = recognising.recognise(identification_of(site), data, media_type)
    (title,) = naming.titles(site, [found.work_id])
    output.tell(f"{path.name} is {how(found)} {title} ({to_hex(found.work_id)}), which becomes the source.")
    return found.work_id


def how(candidate: Candidate) -> str:
    """`a copy of`, `a version of`."""
    return "a copy of" if candidate.likeness is Likeness.COPY else "a version of"


def statement(
    site: Site, version_of: Sequence[str], not_a_version: Sequence[str], contest: Sequence[str]
) -> registration.Statement:
    """What the options state. Raises NotFound and InvalidInput for what is no work."""
    named = [frozenset(naming.work_id(site, text) for text in one) for one in (contest, version_of, not_a_version)]
    return registration.Statement(*named)


def require_new(site: Site, data: bytes, media_type: str, registrant: str, said: registration.Statement) -> str:
    """As `registration.require_new`, with the works of the site's catalogue."""
    found = identified(site, data, media_type)
    if found.not_compared:
        output.tell(f"Pieces that were made here and that it could not be compared with: {found.not_compared}.")
    licensors = {work.work_id: work.licensor for work in site.reader.works()}
    known = licensors.keys() | {made.order_id for made in found.pieces}
    if strangers := (said.contests | said.version_of | said.not_version_of) - known:
        raise NotFound(f"There is no work {to_hex(next(iter(strangers)))}.", "`contrafact works list` shows them all.")
    return registration.require_new(found, licensors.__getitem__, registrant, said)


def how_to_contest(site: Site, said: registration.Statement) -> str:
    """What is left to do for a registrant who contests a work; empty for one who does not."""
    contested = [work.work_id for work in site.reader.works() if work.work_id in said.contests]
    if not contested:
        return ""
    works = ", ".join(sorted(map(to_hex, contested)))
    return (
        f"To contest {works}: send contest(work, your split's root, your evidence's digest) to the DisputeDesk "
        "contract. It takes no new orders until an arbiter has ruled."
    )
