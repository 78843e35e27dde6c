"""Rules of orders: were they permitted, priced, signed and kept as the contracts promise?"""

from __future__ import annotations

from contrafact.audit.outcomes import Severity
from contrafact.audit.rule import Promise, Rule
from contrafact.audit.rulebook.commands import (
    COMMITTED,
    CONTESTS,
    ESCROW_OF,
    FUND,
    FUNDED,
    OPERATOR,
    ORDER_ID,
    REFUNDED,
    TERMS,
    call,
    content,
    logs,
    recipe,
)

FUNDING = logs("ESCROW", FUNDED, "ORDER")
COMMIT = logs("ESCROW", COMMITTED, "ORDER")
REFUND = logs("ESCROW", REFUNDED, "ORDER")
CALLDATA = f'$ cast decode-calldata "{FUND}" $(cast tx TRANSACTION input --rpc-url RPC)'
RELAYED = (
    "A relayed order is a call of fundFor or fundWithAuthorization, with the maker's signature after the operator's."
)
BY_CONTRACT = "Where another contract sent it, its calldata is not the escrow's; the escrow's own code judged it then."

RULES = (
    Rule(
        "order.id",
        "An order's id is the digest of the quote that was funded",
        Promise.SIGNED,
        recipe(FUNDING, call("ESCROW", ORDER_ID, "QUOTE"), "With the event's quote, the order's id comes out."),
    ),
    Rule(
        "order.form",
        "An order's sources, weights, length and bounds make sense",
        Promise.WHOLE,
        recipe(FUNDING, "Weights sum to a million, works are in the order of their ids, each once, 1 to 8 of them."),
    ),
    Rule(
        "order.signed",
        "The operator signed the quote",
        Promise.SIGNED,
        recipe(
            FUNDING,
            CALLDATA,
            call("ESCROW", "signerOf(address)(address)", "OPERATOR"),
            "$ cast wallet verify --address OPERATOR --no-hash ORDER SIGNATURE",
            "The order's id is what is signed; the key is the operator's, or the one that it had named by then:",
            logs("ESCROW", OPERATOR, "OPERATOR"),
            BY_CONTRACT,
        ),
    ),
    Rule(
        "order.asked",
        "The maker sent the order, or signed it",
        Promise.SIGNED,
        recipe(FUNDING, "$ cast tx TRANSACTION from --rpc-url RPC", CALLDATA, RELAYED, BY_CONTRACT),
    ),
    Rule(
        "order.granted",
        "Where terms ask for it, the licensor approved the order, and lists its operator and model",
        Promise.PERMISSION,
        recipe(
            FUNDING,
            CALLDATA,
            logs("CATALOGUE", TERMS, "WORK"),
            "$ cast wallet verify --address LICENSOR --no-hash APPROVAL_DIGEST SIGNATURE",
            "The list's root is the last word of the terms; the proof in the calldata leads to it.",
            BY_CONTRACT,
        ),
    ),
    Rule(
        "order.once",
        "An order was funded once, then committed or refunded, once",
        Promise.ONCE,
        recipe(FUNDING, COMMIT, REFUND),
    ),
    Rule(
        "order.times",
        "An order was funded, committed or refunded in its time, and the operator had time to deliver",
        Promise.ONCE,
        recipe(
            FUNDING,
            "$ cast block BLOCK_OF_EVENT --field timestamp --rpc-url RPC",
            call("ESCROW", "MIN_DELIVERY()(uint256)"),
            call("ESCROW", "MAX_DELIVERY()(uint256)"),
            "The second word of the quote holds operator, valid until and deadline. Funded by valid until; the",
            "deadline at least 5 minutes and at most 7 days later; committed by the deadline, or refunded after it.",
        ),
    ),
    Rule(
        "order.works",
        "A recording is ordered together with its composition",
        Promise.PERMISSION,
        recipe(FUNDING, call("CATALOGUE", "compositionOf(bytes32)(bytes32)", "WORK")),
    ),
    Rule(
        "order.permitted",
        "The licence terms in force permitted each source",
        Promise.PERMISSION,
        recipe(
            FUNDING,
            logs("CATALOGUE", TERMS, "WORK"),
            "The version that the source pins is the last before the funding's block, and permits use, weight and",
            "combination at the block's time.",
        ),
    ),
    Rule(
        "order.undisputed",
        "No source was contested or barred when the order was funded",
        Promise.PERMISSION,
        recipe(FUNDING, logs("CATALOGUE", CONTESTS, "WORK"), "The last event before the funding's block says 0 open."),
    ),
    Rule(
        "order.distinct",
        "The sources of an order are different tunes",
        Promise.ENTITLEMENT,
        recipe("Listen to the sources, or compare two of them:", "$ contrafact identify FILE"),
        Severity.WARNING,
    ),
    Rule(
        "order.parties",
        "Operator, maker and holders of an order are different addresses",
        Promise.POOL,
        recipe(
            FUNDING,
            content("METADATA"),
            "Compare maker and operator with each other and with the rights_holders of the sources' descriptions.",
            "Who pays itself loses only fees, and may move what later epochs of a training pool weigh.",
        ),
        Severity.WARNING,
    ),
    Rule(
        "order.price",
        "Each source is priced as its terms say",
        Promise.ENTITLEMENT,
        recipe(FUNDING, logs("CATALOGUE", TERMS, "WORK"), "Compare price and part of later revenue."),
    ),
    Rule(
        "order.split",
        "An order pins the rights splits in force",
        Promise.ENTITLEMENT,
        recipe(FUNDING, logs("CATALOGUE", TERMS, "WORK"), "The split root is that of the version in force."),
    ),
    Rule(
        "order.model",
        "An order's model is registered, and takes orders at this base rate and with this pool",
        Promise.POOL,
        recipe(
            FUNDING,
            "$ cast call CATALOGUE "
            '"baseRateOf(bytes32,bytes32,address)(bool,uint256,uint256)" MODEL POOL_ROOT TOKEN '
            "--block BLOCK_OF_EVENT --rpc-url RPC",
            "The rate is the quote's, and the sunset, if there is one, later than the block.",
        ),
    ),
    Rule(
        "order.escrow",
        "What was escrowed is what the order can cost at most",
        Promise.WHOLE,
        recipe(FUNDING, call("ESCROW", ESCROW_OF, "QUOTE"), "It is the event's escrowed."),
    ),
    Rule(
        "order.status",
        "The contract gives an order the status that its events say",
        Promise.ONCE,
        recipe(
            call("ESCROW", "statusOf(bytes32)(uint8)", "ORDER"),
            "0 none, 1 funded, 2 committed, 3 refunded:",
            FUNDING,
            COMMIT,
            REFUND,
        ),
    ),
    Rule(
        "order.open",
        "An order that was not delivered in time was refunded",
        Promise.ONCE,
        recipe(
            call("ESCROW", "statusOf(bytes32)(uint8)", "ORDER"),
            FUNDING,
            "$ cast block BLOCK --field timestamp --rpc-url RPC",
            "While the status is 1 (funded), the block's time is at most the deadline in the quote's second word.",
            "After it anybody can send the money back:",
            "$ contrafact refund ORDER --deployment DEPLOYMENT --rpc-url RPC",
        ),
        Severity.WARNING,
    ),
    Rule(
        "order.secret",
        "No two orders were promised the same secret of their operator's",
        Promise.PROVENANCE,
        recipe(
            logs("ESCROW", FUNDED),
            "The seed commitment, the eighth word of the quote, is in no other order's event.",
        ),
        Severity.WARNING,
    ),
    Rule(
        "order.state",
        "The word stored for an order is the hash of what was agreed",
        Promise.SIGNED,
        recipe(
            call("ESCROW", "orderState(bytes32)(bytes32)", "ORDER"),
            FUNDING,
            COMMIT,
            "keccak256 of the deal when funded; of deal, commit and use when committed; 1 when refunded. The last two",
            "bits are a tag.",
        ),
    ),
)
