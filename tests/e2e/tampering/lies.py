"""How a dishonest operator would retell what was generated: event ledgers that differ from the true one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from contrafact.domain import events
from contrafact.domain.generation import Draw, EventLedger, EventNote, Generation
from contrafact.domain.orders import Quote
from contrafact.domain.record import AttributionRecord

Lie = Callable[[Generation, Quote], Generation]


def giver_and_taker(shares: Sequence[int], quote: Quote) -> tuple[int, int]:
    """Indices of the source with most to take before its bound, and of another one that gets it."""
    slack = [share - source.min_share for share, source in zip(shares, quote.sources, strict=True)]
    giver = slack.index(max(slack))
    return giver, (giver + 1) % len(slack)


def moved_share(record: AttributionRecord, quote: Quote, amount: int) -> AttributionRecord:
    """The record with `amount` ppm of one source's share given to another; the sum is intact."""
    giver, taker = giver_and_taker([source.share for source in record.sources], quote)
    return with_shares(record, {giver: -amount, taker: amount})


def with_shares(record: AttributionRecord, changes: dict[int, int]) -> AttributionRecord:
    rows = enumerate(record.sources)
    sources = tuple(replace(source, share=source.share + changes.get(i, 0)) for i, source in rows)
    return replace(record, sources=sources)


def with_source(record: AttributionRecord, index: int, **changes: object) -> AttributionRecord:
    """The record with other words about one source."""
    sources = list(record.sources)
    sources[index] = replace(sources[index], **changes)  # type: ignore[arg-type]
    return replace(record, sources=tuple(sources))


def longest_run_hidden(record: AttributionRecord) -> AttributionRecord:
    """The record with its longest verbatim run reported one token shorter."""
    runs = [source.longest_run for source in record.sources]
    assert max(runs) > 0, "nothing was copied, so nothing can be hidden"
    return with_source(record, runs.index(max(runs)), longest_run=max(runs) - 1)


def one_responsibility_moved(generation: Generation, quote: Quote) -> Generation:
    """A quarter of what one source has in one note becomes another source's."""
    giver, taker = _columns(generation, quote)
    notes = generation.events.notes
    index = max(range(len(notes)), key=lambda i: notes[i].responsibilities[giver])
    return _note(generation, index, lambda n: _moved(n, giver, taker, n.responsibilities[giver] // 4))


def every_note_skimmed(generation: Generation, quote: Quote) -> Generation:
    """100 parts per million of every note go from one source to another: too little for an eye, not for a sum."""
    giver, taker = _columns(generation, quote)
    notes = tuple(
        _moved(note, giver, taker, min(100, note.responsibilities[giver])) for note in generation.events.notes
    )
    return _with(generation, notes=notes)


def columns_exchanged(generation: Generation, quote: Quote) -> Generation:
    """The ledger says of two sources that each produced what the other did."""
    giver, taker = _columns(generation, quote)
    names = list(generation.events.components)
    names[giver], names[taker] = names[taker], names[giver]
    return _with(generation, components=tuple(names))


def pitch_altered(generation: Generation, quote: Quote) -> Generation:
    return _note(generation, _middle(generation), lambda n: replace(n, pitch=n.pitch + 2))


def duration_altered(generation: Generation, quote: Quote) -> Generation:
    return _within_bounds(quote, _each_note(generation, lambda n: (replace(n, duration=n.duration + 1),)))


def onset_altered(generation: Generation, quote: Quote) -> Generation:
    return _note(generation, _middle(generation), lambda n: replace(n, onset=n.onset + 1))


def bar_altered(generation: Generation, quote: Quote) -> Generation:
    return _note(generation, _middle(generation), lambda n: replace(n, bar=n.bar + 1))


def note_left_out(generation: Generation, quote: Quote) -> Generation:
    return _within_bounds(quote, _each_note(generation, lambda n: ()))


def note_added(generation: Generation, quote: Quote) -> Generation:
    return _within_bounds(quote, _each_note(generation, lambda n: (n, replace(n, onset=n.onset + n.duration))))


def piece_cut_short(generation: Generation, quote: Quote) -> Generation:
    """The end is missing, as if the piece had ended before; neither notes nor draws tell."""
    notes, draws = generation.events.notes, generation.events.draws
    endings = range(1, len(notes) // 2)
    return _within_bounds(quote, (_with(generation, notes=notes[:-n], draws=draws[:-n]) for n in endings))


def token_of_a_draw_altered(generation: Generation, quote: Quote) -> Generation:
    return _draw(generation, lambda d: replace(d, token=d.token + 1))


def drawn_integer_altered(generation: Generation, quote: Quote) -> Generation:
    return _draw(generation, lambda d: replace(d, drawn=d.drawn ^ 1))


def margin_altered(generation: Generation, quote: Quote) -> Generation:
    return _draw(generation, lambda d: replace(d, margin=d.margin // 2))


def draws_left_out(generation: Generation, quote: Quote) -> Generation:
    return _with(generation, draws=())


def emptied(generation: Generation) -> Generation:
    return _with(generation, notes=(), draws=())


def blamed_on_rounding(generation: Generation, quote: Quote) -> Generation:
    """A note and its draws altered, all margins declared zero: `my processor rounds differently`."""
    forged = pitch_altered(token_of_a_draw_altered(generation, quote), quote)
    return _with(forged, draws=tuple(replace(draw, margin=0) for draw in forged.events.draws))


def another_piece_blamed_on_rounding(generation: Generation, quote: Quote) -> Generation:
    """Every note moved, every draw declared a near miss."""
    notes = tuple(replace(note, pitch=note.pitch + 1) for note in generation.events.notes)
    return _with(generation, notes=notes, draws=tuple(Draw(d.token, d.drawn, 0) for d in generation.events.draws))


def _within_bounds(quote: Quote, candidates: Iterable[Generation]) -> Generation:
    """The first lie that the contract would settle by."""
    return next(lie for lie in candidates if quote.keeps_bounds(*events.shares(lie.events)))


def _each_note(generation: Generation, change: Callable[[EventNote], tuple[EventNote, ...]]) -> Iterator[Generation]:
    """One generation for each note, which `change` replaced, from the last to the first."""
    notes = generation.events.notes
    for i in reversed(range(len(notes))):
        yield _with(generation, notes=(*notes[:i], *change(notes[i]), *notes[i + 1 :]))


def _columns(generation: Generation, quote: Quote) -> tuple[int, int]:
    giver, taker = giver_and_taker(events.shares(generation.events)[1], quote)
    return giver + 1, taker + 1  # column 0 is the base


def _moved(note: EventNote, giver: int, taker: int, amount: int) -> EventNote:
    parts = list(note.responsibilities)
    parts[giver] -= amount
    parts[taker] += amount
    return replace(note, responsibilities=tuple(parts))


def _middle(generation: Generation) -> int:
    return len(generation.events.notes) // 2


def _note(generation: Generation, index: int, change: Callable[[EventNote], EventNote]) -> Generation:
    notes = list(generation.events.notes)
    notes[index] = change(notes[index])
    return _with(generation, notes=tuple(notes))


def _draw(generation: Generation, change: Callable[[Draw], Draw]) -> Generation:
    """Changes the surest draw, the one that no rounding could have turned."""
    draws = list(generation.events.draws)
    index = max(range(len(draws)), key=lambda i: draws[i].margin)
    draws[index] = change(draws[index])
    return _with(generation, draws=tuple(draws))


def _with(generation: Generation, **changes: object) -> Generation:
    ledger: EventLedger = replace(generation.events, **changes)  # type: ignore[arg-type]
    return replace(generation, events=ledger)
