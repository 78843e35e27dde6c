"""One good document of every kind."""

from __future__ import annotations

from dataclasses import replace

from contrafact.domain import events
from contrafact.domain.allow_list import AllowList
from contrafact.domain.challenges import ChallengeEvidence, Contradiction
from contrafact.domain.digests import sha256
from contrafact.domain.generation import Draw, EventLedger, EventNote, MusicRequest
from contrafact.domain.models import ModelMetadata
from contrafact.domain.orders import Quote, Source
from contrafact.domain.pool_rule import PoolRule, Rule
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.record import AttributionRecord, RecordAudio, RecordSource
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import NATIVE, Terms, TokenPrice, Use
from contrafact.domain.works import Identifiers, WorkMetadata

ALICE = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"
BOB = "0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF"


def digest(name: str) -> bytes:
    return sha256(name.encode())


SPLIT = Split.of([(ALICE, 700_000), (BOB, 300_000)])
MUSIC = MusicRequest(seconds=45, tempo=96, tonic=7, mode="dorian", metre=(6, 8))
TERMS = Terms(
    training=True,
    inference=True,
    uses=frozenset({Use.PRIVATE, Use.LIVE}),
    combinable=True,
    max_weight=800_000,
    valid_from=100,
    valid_until=200,
    training_price=5,
    prices=(TokenPrice(ALICE, (1, 2, 3, 4)), TokenPrice(NATIVE, (5, 6, 7, 8))),
)
LISTED = replace(
    TERMS, approval=True, downstream=50_000, sunset=10**9, allow=AllowList.of([ALICE, BOB], [digest("model")])
)
QUOTED = Quote(
    maker=ALICE,
    operator=BOB,
    model_id=digest("model"),
    pool_root=digest("pool"),
    token=NATIVE,
    use=Use.LIVE,
    duration=45,
    drift=100_000,
    request_digest=MUSIC.digest(),
    seed_commitment=digest("commitment"),
    base_rate=10**18,
    operator_fee=10**15,
    max_base_share=400_000,
    valid_until=150,
    deadline=190,
    nonce=2**63,
    sources=(
        Source(bytes(31) + b"\1", 1, SPLIT.root, 400_000, 120_000, 8),
        Source(bytes(31) + b"\2", 2, SPLIT.root, 600_000, 180_000, 2**90, downstream=50_000),
        Source(bytes(31) + b"\3", 7, SPLIT.root, 0, 0, 2**80, downstream=30_000, through=2),
    ),
)

EVENTS = events.to_bytes(
    EventLedger(
        ("base", "0xab"),
        (EventNote(0, 0, 96, 60, (400_000, 600_000)), EventNote(1, 96, 48, 64, (0, PPM))),
        (Draw(7, 123_456, 12),),
    )
)
WORK = WorkMetadata(
    title="The Lass of Peatie’s Mill",
    catalogue_id="T-17",
    collection="Airs",
    credits=("traditional", "arr. A. B."),
    media_type="text/vnd.abc",
    content=digest("content"),
    source_form=digest("form"),
    split=SPLIT,
    note="",
    recording_of=digest("composition"),
    identifiers=Identifiers("USRC17607839", "T0345246801", {"traditional": "00052210040", ALICE: "00014107338"}),
    confirmations={1: bytes(range(65))},
).to_bytes()
MODEL = ModelMetadata(
    "model",
    digest("weights"),
    digest("generator"),
    digest("manifest"),
    digest("manifest's document"),
    12,
    PoolRule(Rule.INFLUENCE, 250_000, digest("evaluation")),
).to_bytes()
QUOTE = SignedQuote(
    QUOTED, bytes(range(65)), (TERMS, LISTED, TERMS), MUSIC, {bytes(31) + b"\2": bytes(range(65))}
).to_bytes()
RECORD = AttributionRecord(
    order_id=digest("order"),
    chain_id=31337,
    contract=ALICE,
    maker_salt=digest("salt"),
    secret=digest("secret"),
    attempt=1,
    request=MUSIC,
    model_id=digest("model"),
    model_weights=digest("weights"),
    max_base_share=400_000,
    base_share=250_000,
    sources=(RecordSource(bytes(32), 1, digest("form"), PPM, 300_000, 750_000, 4),),
    events=sha256(EVENTS),
    midi=digest("midi"),
    licence=digest("licence"),
    mix=RecordAudio(digest("pcm"), digest("flac")),
    stems=(RecordAudio(digest("pcm 0"), digest("flac 0")), RecordAudio(digest("pcm 1"), digest("flac 1"))),
    generator={"version": "1"},
    renderer={"name": "renderer", "version": "1", "rate": 48000},
).to_bytes()
CHALLENGE = ChallengeEvidence(
    order_id=digest("order"),
    chain_id=31337,
    contract=ALICE,
    record=digest("record"),
    committed_notes=digest("events"),
    findings=(Contradiction("events.shares", "They do not follow.", {"found": "1", "expected": "2"}),),
    generator={"version": "1"},
    weights=digest("weights"),
    notes=digest("notes"),
    event=7,
).to_bytes()
