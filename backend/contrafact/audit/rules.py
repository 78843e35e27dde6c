"""Every check of the audit by its stable name, with what it means when it passes."""

from __future__ import annotations

RULES = {
    "code.published": "The contracts are the published ones, wired to each other",
    "code.domain": "Orders are signed for the audited escrow",
    "work.id": "A work's id follows from who registered it and from its content",
    "work.once": "No content is registered twice",
    "work.metadata": "A work's description is published and names the registered content",
    "work.files": "A work's file and the tokens that the model reads are published",
    "work.derived": "The tokens that the model reads follow from the work's file",
    "work.split": "The registered rights split is the published one",
    "work.splits": "Each version of a rights split is the one that its terms were set with",
    "work.storage": "The catalogue holds what its events say",
    "model.id": "A model's id follows from who registered it and from its weights",
    "model.metadata": "A model's description is published and names the registered weights",
    "model.pool": "A model's training pool is shared out by the TrainingPool contract, at the rates announced",
    "model.manifest": "The list of what a model learnt from is published, and gives the registered root",
    "model.consent": "The licence in force when a model was registered, or until a day before, let it learn",
    "terms.versions": "The versions of licence terms follow one another",
    "terms.hash": "The chain holds the hash of the terms and the split that were announced",
    "terms.since": "Terms took force when they were announced",
    "order.id": "An order's id is the digest of the quote that was funded",
    "order.form": "An order's sources, weights, length and bounds make sense",
    "order.once": "An order was funded once, then committed or refunded, once",
    "order.times": "An order was funded, committed or refunded in its time",
    "order.works": "A recording is ordered together with its composition",
    "order.permitted": "The licence terms in force permitted each source",
    "order.distinct": "The sources of an order are different tunes",
    "order.price": "Each source is priced as its terms say",
    "order.split": "An order pins the rights splits in force",
    "order.model": "An order's model is registered, and takes orders at this base rate and with this pool",
    "order.escrow": "What was escrowed is what the order can cost at most",
    "order.status": "The contract gives an order the status that its events say",
    "order.state": "The word stored for an order is the hash of what was agreed",
    "commit.bounds": "The committed shares sum to the whole and keep the order's bounds",
    "record.present": "The attribution record is published under the committed digest",
    "record.names": "The record is about this order, on this chain, with this model",
    "record.generator": "The record's generator is the one that its model was registered with",
    "record.request": "The record's music is what was ordered",
    "record.seed": "The operator's secret is the one it committed to before it was paid",
    "record.sources": "The record's sources, terms versions, weights and bounds are the order's",
    "record.protected": "Files are encrypted in orders for private use only",
    "record.licence": "The licence that goes with the piece is the one that follows from the pinned terms",
    "record.commit": "The chain was settled by what the record says",
    "events.ledger": "The list of all notes is published under the committed digest",
    "events.shares": "The shares follow from the notes",
    "events.changes": "Weights moved in a live order only, within its drift",
    "audio.files": "The sound files and the score are published",
    "audio.pcm": "The sound files hold the sound that the record names",
    "audio.stems": "The stems add up to the piece",
    "replay.same": "Generating the piece again gives the same notes",
    "replay.runs": "No source was copied at greater length than the record says",
    "replay.first": "No earlier attempt could have been delivered",
    "render.same": "Rendering the notes again gives the same sound",
    "money.settlement": "Each payee of an order was credited to the unit",
    "money.refund": "An order that was not delivered was refunded whole, with its penalty",
    "money.origin": "All royalties come from a committed order",
    "money.received": "An account has received what it was credited",
    "money.paid": "An account has paid what its holders got",
    "money.holder": "A holder was paid no more than the share that is theirs",
    "money.payee": "Only holders named in the split were paid",
    "money.confirmed": "Only holders who had confirmed their place were paid",
    "money.bond": "An operator's bond is what it deposited less what it lost, and covers its open orders",
    "money.balance": "The contract's balance is what came in less what went out",
    "money.solvent": "The contract holds all that it owes",
    "pool.epoch": "An epoch's record is published, and consists of what the chain says",
    "pool.split": "Works and holders have what follows from the rule, the manifest and what is published",
    "pool.root": "The published leaves are the ones that were closed: root, sum, each holder once",
    "pool.claims": "Each claim paid its leaf once; what was claimed and what is left are the total",
    "pool.balance": "The training pool holds its pots and what is left of its epochs",
}

GROUPS = {
    "code": "Contracts",
    "work": "Works",
    "model": "Models",
    "terms": "Licence terms",
    "order": "Orders",
    "commit": "Orders",
    "record": "Attribution records",
    "events": "Attribution records",
    "audio": "Sound",
    "replay": "Replay",
    "render": "Replay",
    "money": "Money",
    "pool": "Training pools",
}


def title(check: str) -> str:
    """What `check` means when it passes."""
    return RULES[check]


def group(check: str) -> str:
    """The heading under which a report lists `check`."""
    return GROUPS[check.split(".")[0]]
