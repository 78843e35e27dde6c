"""`contrafact compose`: a piece from score files, to hear what the model makes of them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from contrafact.cli import options, output
from contrafact.domain import events, pitch
from contrafact.domain.generation import Generation, GenerationRequest, MusicRequest
from contrafact.domain.shares import PPM
from contrafact.errors import Interrupted, InvalidInput, InvalidOrder
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.site import require_generation

if TYPE_CHECKING:
    from contrafact.composing import Chosen
    from contrafact.ports import Stream

_TITLE = 80  # characters of a title that are shown: a file may have one of a megabyte


def compose(
    source: Annotated[
        list[str],
        typer.Option(
            metavar="FILE=PART",
            help="A score, a recording or a tune of the pack, and its weight:"
            " tune.abc=0.6, oneill/0002=0.4; 1 to 8 of them.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to write the piece.")] = Path("piece"),
    seconds: Annotated[int, typer.Option(metavar="S", help="Length of the piece.")] = 30,
    tempo: Annotated[
        int | None,
        typer.Option(metavar="N", help="Quarter notes a minute, 30 to 300; default: near the first source's."),
    ] = None,
    key: Annotated[str | None, typer.Option(metavar="NAME", help="Tonic; default: the first source's.")] = None,
    mode: Annotated[str | None, typer.Option(metavar="MODE", help="major, minor, dorian or mixolydian.")] = None,
    metre: Annotated[
        str | None, typer.Option(metavar="N/N", help="Time signature; default: the first source's.")
    ] = None,
    part: options.Parts = [],  # noqa: B006
    seed: Annotated[
        str | None, typer.Option(metavar="HEX", help="32 bytes that decide the draws; default: new ones.")
    ] = None,
    steer: Annotated[
        list[str],
        typer.Option(
            metavar="BAR:W,W", help="Other weights from a bar on, as if moved while it plays: 9:0.2,0.8; repeat."
        ),
    ] = [],  # noqa: B006
    threads: Annotated[int | None, typer.Option(metavar="N", show_default=False, help="CPU threads.")] = None,
    as_json: options.Json = False,
) -> None:
    """Makes a piece from score files on this machine. Nothing is licensed, recorded or paid for: to try things."""
    require_generation()
    from contrafact import composing

    site = Site(load(threads=threads))
    chosen = [composing.choose(*options.pair(text, "tune.abc=0.5")) for text in source]
    score = chosen[0].score
    music = MusicRequest(
        seconds,
        composing.usual_tempo(score) if tempo is None else tempo,
        score.key.tonic if key is None else pitch.tonic(key),
        score.key.mode if mode is None else mode,
        (score.metre.beats, score.metre.unit) if metre is None else pitch.metre(metre),
        options.band(part),
    )
    request = composing.request(chosen, music, secrets.token_bytes(32) if seed is None else options.hex_bytes(seed))
    stream = composing.stream(site.generator, chosen, request)
    steering = _steering(steer, chosen, stream.bars)
    try:
        (out / "stems").mkdir(parents=True, exist_ok=True)  # before minutes are spent on a piece that cannot be kept
        generation = _play(stream, steering)
        files = _write(site, out, generation, music)
    except KeyboardInterrupt:
        raise Interrupted("An unfinished piece is not kept: give the same command again.") from None
    found = _describe(chosen, request, generation)
    made = f"{seconds} s in {out}. The same again: --seed {found['seed']}"
    output.show({**found, "files": files}, as_json, made, _table(chosen, found))


def _steering(texts: Sequence[str], chosen: Sequence[Chosen], bars: int) -> dict[int, tuple[int, ...]]:
    """Weights by the bar, counted from 1, from which they hold. Raises InvalidInput or InvalidOrder."""
    steering: dict[int, tuple[int, ...]] = {}
    for text in texts:
        bar, separator, weights = text.partition(":")
        if not (separator and bar.isascii() and bar.isdigit() and int(bar[:6]) > 0):
            raise InvalidInput(f"{text!r} does not say from which bar on.", "Write for example 9:0.2,0.8.")
        if int(bar[:6]) > bars:
            raise InvalidInput(f"The piece has {bars} bars, not {bar[:20]}.", "Steer within the piece.")
        if int(bar) in steering:
            raise InvalidInput(f"Bar {bar} is steered twice.", "Give the weights that hold from a bar on once.")
        steering[int(bar)] = tuple(options.fraction(weight) for weight in weights.split(","))
        _check_steered(bar, steering[int(bar)], chosen)
    return steering


def _check_steered(bar: str, weights: Sequence[int], chosen: Sequence[Chosen]) -> None:
    if len(weights) != len(chosen) or sum(weights) != PPM:
        text = f"The weights from bar {bar} on do not sum to one, or are not one for each source."
        raise InvalidOrder(
            text, f"Give {output.counted(len(chosen), 'weight')} that sum to 1, with commas between them."
        )
    for one, weight in zip(chosen, weights, strict=True):
        if weight > 0 and one.weight == 0:
            text = f"{one.name} has no weight at the start, so it is not read, and bar {bar} cannot be steered to it."
            raise InvalidOrder(text, "Give it some weight with --source.")


def _play(stream: Stream, steering: dict[int, tuple[int, ...]]) -> Generation:
    """The piece, bar by bar, with the shares so far on standard error where that is a terminal."""
    with output.aside.status("composing", spinner="dots") as status:
        for bar in range(1, stream.bars + 1):
            if bar in steering:
                stream.steer(steering[bar])
            next(stream)
            base, shares = stream.shares()
            so_far = ", ".join(_percent(share) for share in shares)
            status.update(f"bar {bar} of {stream.bars}: shares {so_far}, base {_percent(base)}")
    return stream.generation()


def _write(site: Site, out: Path, generation: Generation, music: MusicRequest) -> list[str]:
    rendered = site.renderer.render(generation.events, music)
    files = {"piece.flac": rendered.mix, "piece.mid": rendered.midi, "events.json": events.to_bytes(generation.events)}
    files |= {f"stems/{i}.flac": stem for i, stem in enumerate(rendered.stems)}
    for old in (out / "stems").glob("[0-9].flac"):  # of an earlier piece, which had more sources
        old.unlink()
    for name, data in files.items():
        (out / name).write_bytes(data)
    return [str(out / name) for name in files]


def _describe(chosen: Sequence[Chosen], request: GenerationRequest, generation: Generation) -> dict[str, Any]:
    base, shares = events.shares(generation.events)
    rows = zip(chosen, shares, generation.longest_runs, strict=True)
    return {
        "seed": "0x" + request.seed.hex(),
        "notes": len(generation.events.notes),
        "base_share": base,
        "sources": [
            {"name": one.name, "weight": one.weight, "share": share, "longest_run": run} for one, share, run in rows
        ],
    }


def _percent(share: int) -> str:
    return f"{share / PPM:.1%}"


def _table(chosen: Sequence[Chosen], found: dict[str, Any]) -> Table:
    rows = [("0", "base", "", "", _percent(found["base_share"]), "")]
    for i, (one, s) in enumerate(zip(chosen, found["sources"], strict=True), start=1):
        title = one.score.title[:_TITLE]
        rows.append((str(i), s["name"], title, _percent(s["weight"]), _percent(s["share"]), s["longest_run"]))
    return output.table(("stem", "source", "title", "weight %", "share %", "longest run, tokens"), rows)
