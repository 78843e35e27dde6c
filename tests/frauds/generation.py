"""Frauds that an operator commits with the real generator on the real contracts, which take whatever it signs."""

from __future__ import annotations

from dataclasses import replace

from contrafact.domain import events
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.generation import GenerationRequest, SourceInput, WeightChange
from contrafact.domain.prices import Use
from contrafact.domain.record import RecordAudio
from contrafact.domain.seeds import seed
from contrafact.domain.shares import PPM
from contrafact.music.audio import pcm_digest, read_pcm, write_flac
from contrafact.order.attempt import Attempt
from tests.e2e.tampering import lies
from tests.e2e.tampering.stage import Delivery, Scene, Stage, file_of

from .orders import at_use, ordered, seal
from .plots import plot

EVENTS, MIDI, MIX, STEMS = 0, 1, 2, 3
"""Places in a delivery's files; the stems follow one another from the last."""


@plot("wrong shares that sum", "events.shares")
def wrong_shares(scene: Scene) -> bytes:
    record = scene.stage.honest.record
    forged = lies.moved_share(record, scene.stage.quote, 20_000)
    return _delivered(scene, scene.stage.honest.saying(sources=forged.sources))


@plot("cooked responsibilities", "replay.same")
def cooked_responsibilities(scene: Scene) -> bytes:
    """In every note some of what one source has becomes that of another, whose holder is a friend."""
    stage = scene.stage
    made = lies.every_note_skimmed(stage.attempts[0].generation, stage.quote)
    return _delivered(scene, stage.retold(made))


@plot("swapped shares", "record.commit")
def swapped_shares(scene: Scene) -> bytes:
    """The record tells the truth, and the chain is settled with two sources' shares exchanged."""
    stage = scene.stage
    commit = stage.honest.record.commit()
    giver, taker = lies.giver_and_taker(commit.shares, stage.quote)
    shares = list(commit.shares)
    amount = (shares[giver] - stage.quote.sources[giver].min_share) // 2
    shares[giver], shares[taker] = shares[giver] - amount, shares[taker] + amount
    scene.deliver(stage.honest, replace(commit, shares=tuple(shares)))
    return stage.order_id


@plot("fake base share", "events.shares")
def fake_base_share(scene: Scene) -> bytes:
    """The operator is the model's registrant, and shares out its pool."""
    stage = scene.stage
    record = stage.honest.record
    giver, _ = lies.giver_and_taker([source.share for source in record.sources], stage.quote)
    amount = min(record.sources[giver].share // 2, stage.quote.max_base_share - record.base_share)
    forged = lies.with_shares(record, {giver: -amount})
    return _delivered(scene, stage.honest.saying(sources=forged.sources, base_share=record.base_share + amount))


@plot("hidden source", "replay.same")
def hidden_source(scene: Scene) -> bytes:
    """The piece is made of a fourth work as well, whose part in it is written down as the first source's."""
    stage = scene.stage
    form = _form_of(scene, stage.town.opted_out)
    first, *rest = stage.order.sources
    half = replace(first, weight=first.weight // 2, min_share=0)
    hidden = SourceInput(to_hex(stage.town.opted_out), form, first.weight - half.weight, 0)
    sources = (half, *rest, hidden)
    for number in range(16):
        made = _generated(stage, sources, number)
        notes = tuple(replace(n, responsibilities=_without_last(n.responsibilities)) for n in made.events.notes)
        ledger = replace(made.events, notes=notes, components=made.events.components[:-1])
        if stage.quote.keeps_bounds(*events.shares(ledger)):
            told = replace(made, events=ledger, longest_runs=made.longest_runs[:-1])
            return _delivered(scene, stage.prepare(Attempt(number, told)))
    raise AssertionError("the model keeps the bounds too seldom")


@plot("swapped sources", "replay.same")
def swapped_sources(scene: Scene) -> bytes:
    """The model reads a tune that costs nobody anything in the place of the first source, which is paid."""
    stage = scene.stage
    first, *rest = stage.order.sources
    swapped = (replace(first, form=_form_of(scene, stage.town.opted_out)), *rest)
    return _delivered(scene, stage.prepare(next(stage.attempts_within_bounds(sources=swapped))))


@plot("another model's weights", "replay.same")
def another_models_weights(scene: Scene) -> bytes:
    """The record names the ordered model; the piece comes from weights that differ a little from its."""
    from contrafact.music.checkpoint import load_model
    from contrafact.music.generate import Generator

    stage, model = scene.stage, load_model()
    for parameter in model.network.parameters():
        parameter.requires_grad_(False).mul_(1.05)
    other = Generator(model)
    for number in range(16):
        made = replace(
            _generated(stage, stage.order.sources, number, other), model_digest=stage.honest.record.model_weights
        )
        if stage.quote.keeps_bounds(*events.shares(made.events)):
            return _delivered(scene, stage.prepare(Attempt(number, made)))
    raise AssertionError("the model keeps the bounds too seldom")


@plot("a later attempt", "replay.first")
def a_later_attempt(scene: Scene) -> bytes:
    return _delivered(scene, scene.stage.prepare(scene.stage.attempts[1]))


@plot("a secret chosen after funding", "record.seed")
def a_secret_chosen_after_funding(scene: Scene) -> bytes:
    secret = sha256(b"the one that gives the piece I like")
    return _delivered(
        scene, scene.stage.prepare(next(scene.stage.attempts_within_bounds(secret=secret)), secret=secret)
    )


@plot("another request", "record.request")
def another_request(scene: Scene) -> bytes:
    """The maker ordered another tempo; the operator had a piece in stock."""
    stage = scene.stage
    music = replace(stage.order.signed.music, tempo=stage.order.signed.music.tempo + 1)
    order = replace(stage.order, signed=replace(stage.order.signed, music=music))
    other = replace(stage, order=order)
    return _delivered(scene, other.prepare(next(other.attempts_within_bounds())))


@plot("replaced audio", "render.same")
def replaced_audio(scene: Scene) -> bytes:
    """Mix and stems of the second attempt under the notes of the first: they sum up, and are of another piece."""
    stage = scene.stage
    other = stage.prepare(stage.attempts[1])
    files = (*stage.honest.files[:MIX], *other.files[MIX:])
    said = stage.honest.saying(mix=other.record.mix, stems=other.record.stems).record
    return _delivered(scene, Delivery(said, files))


@plot("forged stems", "render.same")
def forged_stems(scene: Scene) -> bytes:
    """The first source's stem is louder than it was paid for, at the cost of the second's: the sum is intact."""
    stage = scene.stage
    (first, rate), (second, _) = (read_pcm(stage.honest.files[STEMS + i]) for i in (1, 2))
    quarter = second // 4
    forged = _with_sound(stage.honest, STEMS + 1, write_flac(first + quarter, rate))
    return _delivered(scene, _with_sound(forged, STEMS + 2, write_flac(second - quarter, rate)))


@plot("swapped stems", "render.same")
def swapped_stems(scene: Scene) -> bytes:
    stems = list(scene.stage.honest.record.stems)
    stems[1], stems[2] = stems[2], stems[1]
    return _delivered(scene, scene.stage.honest.saying(stems=tuple(stems)))


@plot("MIDI of another piece", "render.same")
def midi_of_another_piece(scene: Scene) -> bytes:
    other = scene.stage.prepare(scene.stage.attempts[1]).files[MIDI]
    scene.site.store.put(other)
    return _delivered(scene, scene.stage.honest.saying(midi=sha256(other)))


@plot("one piece for two orders", "replay.same", "record.seed")
def one_piece_for_two_orders(scene: Scene) -> bytes:
    """Sold once honestly, and once more to the next maker under a record of its own."""
    stage = scene.stage
    scene.deliver(stage.honest)
    second = stage.town.funded(scene.site, stage.quote.duration)
    (funded,) = scene.site.reader.funded(second)
    secret = (scene.site.settings.home / "orders" / to_hex(second) / "secret").read_bytes()
    said = stage.honest.saying(order_id=second, secret=secret, maker_salt=funded.maker_salt)
    scene.deliver(said, said.record.commit())
    return second


@plot("record of another chain", "record.names")
def record_of_another_chain(scene: Scene) -> bytes:
    return _delivered(scene, scene.stage.honest.saying(chain_id=1))


@plot("withheld record", "record.present")
def withheld_record(scene: Scene) -> bytes:
    scene.deliver(scene.stage.honest)
    file_of(scene.site, scene.stage.honest.record.digest()).unlink()
    return scene.stage.order_id


@plot("withheld event ledger", "events.ledger")
def withheld_event_ledger(scene: Scene) -> bytes:
    scene.deliver(scene.stage.honest)
    file_of(scene.site, scene.stage.honest.record.events).unlink()
    return scene.stage.order_id


@plot("public piece under lock", "record.protected")
def public_piece_under_lock(scene: Scene) -> bytes:
    """The maker buys a commercial piece; nobody can have its notes."""
    quote = at_use(scene.stage.quote, Use.COMMERCIAL)
    stage = ordered(scene, quote)
    delivery = stage.prepare(next(stage.attempts_within_bounds()))
    sealed = seal(scene.site, delivery.files)
    said = delivery.saying(protection=sealed).record
    scene.site.store.put(said.to_bytes())
    scene.commit(said.commit())
    return stage.order_id


@plot("steered beyond the drift", "events.changes")
def steered_beyond_the_drift(scene: Scene) -> bytes:
    """No live order: nobody may have moved its weights."""
    stage = scene.stage
    made = stage.attempts[0].generation
    weights = (PPM - 2, *(1 for _ in stage.order.sources[1:]))
    changed = replace(made.events, changes=(WeightChange(1, weights),))
    return _delivered(scene, stage.retold(replace(made, events=changed)))


def _delivered(scene: Scene, delivery: Delivery) -> bytes:
    scene.deliver(delivery)
    return scene.stage.order_id


def _generated(stage: Stage, sources: tuple[SourceInput, ...], number: int, generator=None):  # type: ignore[no-untyped-def]
    key = seed(stage.order_id, stage.order.funded.maker_salt, stage.secret, number)
    request = GenerationRequest(sources, stage.order.signed.music, key, stage.quote.max_base_share)
    return (generator or stage.site.generator).generate(request)


def _without_last(parts: tuple[int, ...]) -> tuple[int, ...]:
    return (parts[0], parts[1] + parts[-1], *parts[2:-1])


def _form_of(scene: Scene, work_id: bytes) -> bytes:
    (work,) = (work for work in scene.site.reader.works() if work.work_id == work_id)
    return file_of(scene.site, work.source_form).read_bytes()


def _with_sound(delivery: Delivery, place: int, flac: bytes) -> Delivery:
    """The delivery with another stem, all digests right."""
    stems = list(delivery.record.stems)
    stems[place - STEMS] = RecordAudio(pcm_digest(*read_pcm(flac)), sha256(flac))
    files = (*delivery.files[:place], flac, *delivery.files[place + 1 :])
    return Delivery(replace(delivery.record, stems=tuple(stems)), files)
