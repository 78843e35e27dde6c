"""Refusals of the escrow about orders, their commits, and what becomes of them later."""

from __future__ import annotations

from contrafact.ledger.revert_messages.kinds import (
    REQUOTE,
    InputRefused,
    Meaning,
    OrderRefused,
    PaymentRefused,
    Refused,
)

_GENERATE = "Generate once more."

MEANINGS = {
    # form
    "Orders_SpareBits": Meaning(
        OrderRefused, "Bits of a packed word are set that mean nothing.", "Pack it as Types.sol says."
    ),
    "Orders_SourceCount": Meaning(
        OrderRefused, "An order has 1 to 8 sources, not {given}.", "Choose fewer works, or at least one."
    ),
    "Orders_SourcesUnordered": Meaning(OrderRefused, "The sources are not distinct, or not in their order.", REQUOTE),
    "Orders_WeightsDoNotSum": Meaning(
        OrderRefused, "The weights sum to {sum} parts per million, not 1,000,000.", "Choose weights that sum to one."
    ),
    "Orders_BoundsInvalid": Meaning(OrderRefused, "The bounds on shares cannot be met, or a weight is zero.", REQUOTE),
    "Orders_DurationInvalid": Meaning(
        OrderRefused,
        "A piece of {duration} seconds is not what can be ordered, or not what was.",
        "Choose 1 to 600 seconds, for live use up to 14,400.",
    ),
    "Orders_SharesDoNotSum": Meaning(
        OrderRefused, "The committed shares sum to {sum} parts per million, not 1,000,000.", "Compute them again."
    ),
    "Orders_ShareCount": Meaning(
        OrderRefused, "The order has {expected} sources, and more shares were committed.", "Give one for each source."
    ),
    "Orders_BaseShareTooHigh": Meaning(
        OrderRefused, "The base share {baseShare} is above the order's bound {maxBaseShare}.", _GENERATE
    ),
    "Orders_ShareTooLow": Meaning(
        OrderRefused, "The share {share} of work {workId} is below the order's bound {minShare}.", _GENERATE
    ),
    # funding, committing, refunding
    "GenerationEscrow_NotMaker": Meaning(
        Refused, "The quote was made for {maker}, not for {caller}.", "Pay from the account that asked for the quote."
    ),
    "GenerationEscrow_BadQuoteSignature": Meaning(
        OrderRefused, "The quote is not signed by its operator {operator}.", "Do not pay. " + REQUOTE
    ),
    "GenerationEscrow_BadOrderSignature": Meaning(
        OrderRefused, "Order {orderId} is not signed by its maker {maker}.", "Sign order and salt with the maker's key."
    ),
    "GenerationEscrow_BadCommitSignature": Meaning(
        OrderRefused, "The commit is not signed by the order's operator {operator}.", "Sign it with the operator's key."
    ),
    "GenerationEscrow_QuoteExpired": Meaning(PaymentRefused, "The quote expired at {validUntil}.", REQUOTE),
    "GenerationEscrow_DeadlineTooEarly": Meaning(
        OrderRefused, "The order's deadline {deadline} leaves too little time; the earliest is {earliest}.", REQUOTE
    ),
    "GenerationEscrow_DeadlineTooLate": Meaning(
        OrderRefused, "The order's deadline {deadline} is too far away; the latest is {latest}.", REQUOTE
    ),
    "GenerationEscrow_DeadlinePassed": Meaning(
        Refused, "Order {orderId} had to be committed by {deadline}.", "It can only be refunded now."
    ),
    "GenerationEscrow_DeadlineNotPassed": Meaning(
        Refused, "Order {orderId} may be committed until {deadline}.", "Refund it after that time."
    ),
    "GenerationEscrow_WrongStatus": Meaning(
        Refused, "Order {orderId} is {given}, not {expected}.", "Look at the order before the next step."
    ),
    "GenerationEscrow_WrongDeal": Meaning(
        OrderRefused,
        "Order {orderId} was funded with another salt or other amounts.",
        "Read them from the order's funding event.",
    ),
    "GenerationEscrow_WrongResult": Meaning(
        OrderRefused,
        "Order {orderId} was committed with another result, or is paid for another use.",
        "Read them from the order's events.",
    ),
    # later
    "FinishedOrders_NotWider": Meaning(
        InputRefused, "The order is paid for this use or a wider one already.", "Choose a wider use."
    ),
    "FinishedOrders_LiveUse": Meaning(
        Refused, "A live order cannot be raised, nor another one to live use.", "Order the piece anew."
    ),
    "FinishedOrders_AmountsCount": Meaning(
        InputRefused, "The order has {expected} sources, but {given} amounts were given.", "Give one for each source."
    ),
}
