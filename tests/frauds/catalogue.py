"""The frauds that an auditor must find, thought of from the rules of the ledger and of the generation.

The list was written before, and apart from, the checks that find them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fraud:
    """`evidence`: what remains for an auditor who has a chain and a content store, and nothing else."""

    name: str
    gains: str
    loses: str
    rule: str
    evidence: str


OPERATOR, MAKER, HOLDERS, LICENSOR = "operator", "maker", "holders", "licensor"

# The contracts cannot prevent these: an operator signs what it likes, and a store serves what it likes.
OF_GENERATION = (
    Fraud(
        "wrong shares that sum",
        "a holder who colludes",
        "the other holders",
        "a share is its source's responsibilities over the piece",
        "the event ledger, from which other shares follow",
    ),
    Fraud(
        "cooked responsibilities",
        "a holder who colludes",
        "the other holders",
        "responsibilities are what the model says, not what the operator writes",
        "a replay: ledger, record and commit agree, and the generator does not",
    ),
    Fraud(
        "swapped shares",
        "holders of one source",
        "holders of another",
        "the commit carries the record's shares",
        "record and commit, side by side",
    ),
    Fraud(
        "fake base share",
        "the model's registrant, through its pool",
        "the sources' holders",
        "what no source wrote, and only that, is the base's",
        "the event ledger, and a replay",
    ),
    Fraud(
        "hidden source",
        "whoever wanted the sound of a work without paying it",
        "the hidden work's holders",
        "the piece is conditioned on the order's sources alone",
        "a replay from the order's sources gives another piece",
    ),
    Fraud(
        "swapped sources",
        "holders of the source that is paid",
        "holders of the source that was used",
        "each source is the form that its work was registered with",
        "a replay from the registered form gives another piece",
    ),
    Fraud(
        "another model's weights",
        "whoever owns the ordered model's pool",
        "the training works of the model that was used",
        "the model is the ordered one",
        "a replay with the registered weights",
    ),
    Fraud(
        "a later attempt",
        "operator, which chooses the piece",
        "holders whose shares were better in the first",
        "another attempt only where the one before broke the order's bounds",
        "a replay of the earlier attempts from the same secret",
    ),
    Fraud(
        "a secret chosen after funding",
        "operator, which chooses the piece",
        "maker and holders",
        "the quote commits to the secret",
        "the secret's hash is not the quote's commitment",
    ),
    Fraud(
        "another request",
        OPERATOR,
        MAKER,
        "the piece is what the quote's request asked for",
        "the request in the record has another digest than the order pins",
    ),
    Fraud(
        "replaced audio",
        OPERATOR,
        MAKER,
        "the audio is the rendering of the notes",
        "a rendering of the event ledger",
    ),
    Fraud(
        "forged stems",
        "an operator that shows a holder more than it was paid for",
        HOLDERS,
        "a stem's gains are its source's responsibilities; all stems sum to the mix",
        "a rendering of the stems",
    ),
    Fraud(
        "swapped stems",
        "holders of one source",
        "holders of another",
        "a stem is of the source that it names",
        "a rendering of the stems; the sum alone does not tell",
    ),
    Fraud(
        "MIDI of another piece",
        OPERATOR,
        MAKER,
        "the MIDI file is of the piece's notes",
        "MIDI made anew from the event ledger",
    ),
    Fraud(
        "one piece for two orders",
        OPERATOR,
        "the second maker",
        "each order has a piece of its own seed",
        "two commits of one output; and the second order's seed gives another piece",
    ),
    Fraud(
        "record of another chain",
        OPERATOR,
        MAKER,
        "a record is of its order, which binds chain and contract",
        "chain and order in the record",
    ),
    Fraud(
        "withheld record",
        "whoever has something to hide",
        HOLDERS,
        "the record can be had at its digest",
        "the chain names a digest that the store does not have",
    ),
    Fraud(
        "withheld event ledger",
        "whoever has something to hide",
        HOLDERS,
        "the record's files can be had",
        "the record names a file that the store does not have",
    ),
    Fraud(
        "public piece under lock",
        "whoever has something to hide",
        HOLDERS,
        "only a private piece may be encrypted",
        "the record says so, and the order's use is another",
    ),
)

# Rights holders and model registrants cheat as well, alone or with the operator.
OF_REGISTRATION = (
    Fraud(
        "form that does not follow from the file",
        "a licensor who registers a known tune's form under a file of its own",
        "whoever the tune belongs to",
        "the source form is derived from the registered file",
        "file and form in the store",
    ),
    Fraud(
        "altered metadata",
        "whoever the changed description favours",
        HOLDERS,
        "a work's description is what its digest on the chain says",
        "the bytes that a store serves have another digest",
    ),
    Fraud(
        "holders that the split does not know",
        LICENSOR,
        "the holders that the description promises a part",
        "the description's rights split has the root that the chain pays",
        "the root made anew from the description",
    ),
    Fraud(
        "protected file that is not what it says",
        LICENSOR,
        "operators and makers",
        "a ciphertext opens to the registered bytes",
        "ciphertext, key and digest",
    ),
    Fraud(
        "unregistered training work",
        "the model's registrant",
        "whoever the work belongs to",
        "every work of a model's manifest is a registered one whose licence permits training",
        "the manifest names a work that the catalogue does not know",
    ),
    Fraud(
        "training against the terms",
        "the model's registrant",
        "the training work's holders",
        "every work of a model's manifest is a registered one whose licence permits training",
        "the terms that the manifest itself names forbid training",
    ),
    Fraud(
        "skewed epoch",
        "the model's registrant",
        "the other training works' holders",
        "an epoch follows the rule that the model was registered with",
        "the tree made anew from orders, manifest and rule",
    ),
    Fraud(
        "withheld epoch",
        "the model's registrant",
        "the training works' holders",
        "an epoch's amounts and proofs can be had",
        "the chain names an evidence digest that the store does not have",
    ),
)

# The contracts refuse these. An auditor meets them where the contracts are others than they say, or the node lies.
OF_THE_CHAIN = (
    Fraud(
        "stale terms",
        MAKER,
        HOLDERS,
        "an order pins the version in force when it is funded",
        "terms set before the order, in the chain's history",
    ),
    Fraud(
        "cheaper than the terms",
        MAKER,
        HOLDERS,
        "a source's price is that of its terms",
        "the words of the pinned version",
    ),
    Fraud(
        "back-dated terms",
        LICENSOR,
        "makers with orders",
        "terms count from the block that set them",
        "the block's time, and the licence word's",
    ),
    Fraud(
        "swapped split root",
        "whoever stands in the other split",
        HOLDERS,
        "an order pays the split of the pinned version",
        "the split in the licence's history",
    ),
    Fraud(
        "recording without its composition",
        MAKER,
        "the composition's holders",
        "a recording's order pays both",
        "the order's sources and the work's registration",
    ),
    Fraud(
        "skimmed rounding",
        OPERATOR,
        MAKER,
        "what rounding leaves is the maker's",
        "the settlement computed anew",
    ),
    Fraud(
        "self-dealing fee",
        OPERATOR,
        MAKER,
        "the operator gets the quoted fee and no more",
        "the settlement computed anew",
    ),
    Fraud(
        "settled twice",
        "the order's holders and operator",
        "everybody else whose money the escrow holds",
        "an order is committed or refunded, once, never both",
        "two endings of one order",
    ),
    Fraud(
        "unpaid refund",
        OPERATOR,
        MAKER,
        "an order past its deadline goes back whole, with a tenth from the bond",
        "the refund's event against the escrow; the balance against the books",
    ),
    Fraud(
        "claim paid to another",
        "a thief",
        "a holder",
        "a place's money goes to its holder",
        "the claim's leaf is not in the account's split",
    ),
    Fraud(
        "unconfirmed holder paid",
        "whoever controls the address",
        "the true holder",
        "a place is paid once its holder has confirmed it",
        "a payment without a confirmation before it",
    ),
    Fraud(
        "holder paid too much",
        "a holder",
        "the account's other holders",
        "what a place has drawn is at most its part of what came in",
        "claims against credits",
    ),
    Fraud(
        "raised use underpaid",
        MAKER,
        HOLDERS,
        "raising pays the difference at the pinned terms",
        "prices of both uses in the pinned version",
    ),
    Fraud(
        "later revenue split wrongly",
        MAKER,
        HOLDERS,
        "later revenue splits by share and downstream percentage",
        "the payment computed anew",
    ),
    Fraud(
        "bond that does not cover",
        OPERATOR,
        MAKER,
        "an operator's bond covers its open orders",
        "deposits, orders and withdrawals in sequence",
    ),
    Fraud(
        "fine that is not paid",
        OPERATOR,
        "the training work's holders and the finder",
        "what a ruling takes from a bond is paid out",
        "bond and payments in sequence",
    ),
    Fraud(
        "event withheld by the node",
        "whoever was paid in silence",
        HOLDERS,
        "the history is whole",
        "the state that the contracts tell is not what their events add up to",
    ),
    Fraud(
        "money gone from the escrow",
        "a thief",
        "everybody whose money the escrow holds",
        "what the contracts hold is what they owe, to the unit",
        "the balance against the books",
    ),
    Fraud(
        "crooked code",
        "whoever wrote it",
        "everybody",
        "the code at the address is the published one",
        "the code, compared",
    ),
    Fraud(
        "order after the opt-out",
        "maker and operator",
        LICENSOR,
        "what is opted out enters no new order",
        "terms before the order, in the chain's history",
    ),
    Fraud(
        "share below the order's lowest",
        "the other sources' holders",
        "the source's holders",
        "a commit keeps the bounds that its order pins",
        "order and commit, side by side",
    ),
)

# Thought of second, when the contracts had been read line by line, and the audit's checks had not.
MORE = (
    Fraud(
        "skimmed payout",
        "whoever sends payouts",
        HOLDERS,
        "a holder is sent what the event says",
        "the token's transfers against the escrow's events",
    ),
    Fraud(
        "diverted payout",
        "whoever sends payouts",
        HOLDERS,
        "a holder is sent what the event says",
        "the token's transfers against the escrow's events",
    ),
    Fraud(
        "operator that is not listed",
        OPERATOR,
        LICENSOR,
        "terms with a list permit only who is on it",
        "the proof that the funding transaction brought",
    ),
    Fraud(
        "order that its maker did not sign",
        OPERATOR,
        MAKER,
        "an order is paid by its maker, or signed by it",
        "the signature that the funding transaction brought",
    ),
    Fraud("late commit", OPERATOR, MAKER, "nothing is committed after the deadline", "block time and deadline"),
    Fraud("early refund", MAKER, OPERATOR, "nothing is refunded before the deadline", "block time and deadline"),
    Fraud(
        "penalty to another",
        "whoever sends the refund",
        MAKER,
        "the penalty is the maker's",
        "the token's transfers against the escrow's events",
    ),
    Fraud(
        "contested work in an order",
        "the work's licensor",
        "whoever contests it",
        "a contested work enters no new order",
        "contest before order, in the chain's history",
    ),
    Fraud(
        "held money paid",
        "the work's licensor",
        "whoever contests it",
        "contested money waits for its ruling",
        "payments against what was free",
    ),
    Fraud(
        "owed for ever",
        "a receiver that refuses once",
        "everybody whose money the escrow holds",
        "what is owed is paid once",
        "the balance against the books",
    ),
    Fraud(
        "epoch claimed twice",
        "a holder of the epoch",
        "its other holders",
        "a leaf is paid once",
        "two claims of one leaf",
    ),
    Fraud(
        "place taken over at once",
        "a guardian",
        "the holder",
        "a recovery waits for thirty days",
        "start and end of the recovery in the chain's history",
    ),
    Fraud(
        "split of more than the whole",
        LICENSOR,
        "everybody whose money the escrow holds",
        "shares of a split sum to the whole",
        "payments of an account against its credits",
    ),
    Fraud(
        "steered beyond the drift",
        MAKER,
        HOLDERS,
        "a live piece's weights move within the order's drift",
        "the changes in the event ledger",
    ),
    Fraud(
        "one tune twice",
        "a licensor who registers a version of another's tune",
        "the other's holders",
        "the sources of an order are different tunes",
        "the two source forms",
    ),
    Fraud(
        "copied registration",
        "whoever registers another's file",
        "the first registrant",
        "no content is registered twice",
        "two works of one content digest",
    ),
)

PLANNED = OF_GENERATION + OF_REGISTRATION + OF_THE_CHAIN + MORE

# Nobody plans these: a lot is drawn of what is done, and to what.
BY_LOT = (
    Fraud("a word of storage", "?", "?", "state is what the events add up to", "state against events"),
    Fraud("an event gone", "?", "?", "the history is whole", "state against events"),
    Fraud("a word of an event", "?", "?", "events say what happened", "state against events"),
    Fraud("a file for another", "?", "?", "a file is what its digest says", "the digest"),
    Fraud("a note", "?", "?", "the notes are the generator's", "a replay"),
)
