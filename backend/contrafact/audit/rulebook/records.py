"""Rules of what is published about a piece, and of generating it again."""

from __future__ import annotations

from contrafact.audit.rule import Promise, Rule
from contrafact.audit.rulebook.commands import COMMITTED as COMMITTED_EVENT
from contrafact.audit.rulebook.commands import REPLAY, content, logs, recipe
from contrafact.audit.rulebook.orders import COMMIT, FUNDING

NEEDS_TOOLS = "Needs the extra generation, with the version that the record names."
READ = recipe(COMMIT, content("RECORD"))

RULES = (
    Rule(
        "record.present",
        "The attribution record is published under the committed digest",
        Promise.PROVENANCE,
        recipe(
            logs("ESCROW", COMMITTED_EVENT, "ORDER"),
            content("RECORD"),
            "The second topic is the record's digest, and the file's sum.",
        ),
    ),
    Rule(
        "record.names",
        "The record is about this order, on this chain, with this model",
        Promise.PROVENANCE,
        recipe(READ, FUNDING, "Compare order, chain, contract, maker's salt, model and weights."),
    ),
    Rule(
        "record.generator",
        "The record's generator is the one that its model was registered with",
        Promise.PROVENANCE,
        recipe(READ, content("METADATA"), "SHA-256 of the record's generator as canonical JSON is the description's."),
    ),
    Rule(
        "record.request",
        "The record's music is what was ordered",
        Promise.DELIVERED,
        recipe(READ, FUNDING, "SHA-256 of the record's request as canonical JSON is the quote's request digest."),
    ),
    Rule(
        "record.seed",
        "The operator's secret is the one it committed to before it was paid",
        Promise.PROVENANCE,
        recipe(READ, FUNDING, "$ printf SECRET | xxd -r -p | sha256sum", "It is the quote's seed commitment."),
    ),
    Rule(
        "record.sources",
        "The record's sources, terms versions, weights and bounds are the order's",
        Promise.PROVENANCE,
        recipe(READ, FUNDING),
    ),
    Rule(
        "record.protected",
        "Files are encrypted in orders for private use only",
        Promise.DELIVERED,
        recipe(READ, FUNDING, "A record with protection belongs to an order of use 0 (private)."),
    ),
    Rule(
        "record.licence",
        "The licence that goes with the piece is the one that follows from the pinned terms",
        Promise.DELIVERED,
        recipe(READ, content("LICENCE"), "Its text names the works, terms versions and uses that the order pins."),
    ),
    Rule(
        "record.commit",
        "The chain was settled by what the record says",
        Promise.PROVENANCE,
        recipe(READ, "Output digest, evidence root, length and shares of the event are the record's."),
    ),
    Rule(
        "events.ledger",
        "The list of all notes is published under the committed digest",
        Promise.PROVENANCE,
        recipe(COMMIT, content("EVIDENCE_ROOT")),
    ),
    Rule(
        "events.shares",
        "The shares follow from the notes",
        Promise.PROVENANCE,
        recipe("$ contrafact shares CID --store STORE", COMMIT, "The whole piece's shares are those of the commit."),
    ),
    Rule(
        "events.changes",
        "Weights moved in a live order only, within its drift",
        Promise.PERMISSION,
        recipe(READ, content("EVIDENCE_ROOT"), FUNDING, "No change is further from the ordered weight than drift."),
    ),
    Rule(
        "events.length",
        "The notes lie within the length that was paid for",
        Promise.DELIVERED,
        recipe(
            READ,
            content("EVIDENCE_ROOT"),
            "The last note ends at (onset + duration) / 24 × 60 / tempo seconds: not after the committed length.",
            "Where the list of notes says `stopped`, the order is live, and so many bars last the committed length.",
        ),
    ),
    Rule(
        "audio.files",
        "The sound files and the score are published",
        Promise.DELIVERED,
        recipe(READ, content("FLAC")),
    ),
    Rule(
        "audio.pcm",
        "The sound files hold the sound that the record names",
        Promise.DELIVERED,
        recipe(
            READ,
            "$ (printf contrafact-pcm/1; printf HEADER | xxd -r -p; "
            "flac -dcs --force-raw-format --endian=little --sign=signed FILE) | sha256sum",
            "HEADER are sample rate, channels and frames in hex, each 4 bytes, the lowest first.",
        ),
    ),
    Rule(
        "audio.stems",
        "The stems add up to the piece",
        Promise.PROVENANCE,
        recipe(READ, "Decode mix and stems; sample by sample the stems' sum is the mix."),
    ),
    Rule(
        "replay.same",
        "Generating the piece again gives the same notes",
        Promise.PROVENANCE,
        recipe(NEEDS_TOOLS, REPLAY),
        varies="a warning where rounding on this machine explains the difference",
    ),
    Rule(
        "replay.runs",
        "No source was copied at greater length than the record says",
        Promise.PROVENANCE,
        recipe(NEEDS_TOOLS, REPLAY),
    ),
    Rule(
        "replay.first",
        "No earlier attempt could have been delivered",
        Promise.PROVENANCE,
        recipe(NEEDS_TOOLS, "$ contrafact audit --rpc-url RPC --deployment DEPLOYMENT --store STORE"),
        varies="a warning where this machine computes otherwise than the operator's",
    ),
    Rule(
        "render.same",
        "Rendering the notes again gives the same sound",
        Promise.DELIVERED,
        recipe(NEEDS_TOOLS, "$ contrafact audit --rpc-url RPC --deployment DEPLOYMENT --store STORE"),
    ),
)
