"""Rules of the escrow's money."""

from __future__ import annotations

from contrafact.audit.rule import Promise, Rule
from contrafact.audit.rulebook.commands import (
    BONDED,
    COMMITTED,
    CREDITED,
    FUNDED,
    HELD,
    OPENED,
    PAID,
    READDRESSED,
    READDRESSING,
    RECOVERY,
    REFUNDED,
    call,
    logs,
    recipe,
)
from contrafact.audit.rulebook.orders import COMMIT, FUNDING, REFUND

OPENED_AS = logs("ESCROW", OPENED, "ACCOUNT")
PAYMENTS = logs("ESCROW", PAID, "ACCOUNT")
BALANCE = call("TOKEN", "balanceOf(address)(uint256)", "ESCROW")
SHARE = "floor(received × share / 10^6)"
UNEXPLAINED = "a warning where the contract holds more than it must: anybody can send it money"

RULES = (
    Rule(
        "money.settlement",
        "Each payee of an order was credited to the unit",
        Promise.WHOLE,
        recipe(
            FUNDING,
            COMMIT,
            logs("ESCROW", CREDITED, "''", "ORDER"),
            "To each source floor(price × units × share / 10^6), units being started 30 seconds; to the pool the same",
            "of base rate and base share; the fee to the operator; the rest of the escrow to the maker.",
        ),
    ),
    Rule(
        "money.transfers",
        "The token moved what the escrow's events say: in for an order, out to its operator and its maker",
        Promise.CONSERVATION,
        recipe(
            FUNDING,
            COMMIT,
            REFUND,
            "$ cast receipt TRANSACTION --rpc-url RPC",
            "Among the logs are the token's own of Transfer(address,address,uint256), from and to the escrow,",
            "or the escrow's Owed where a transfer failed.",
        ),
    ),
    Rule(
        "money.refund",
        "An order that was not delivered was refunded whole, with its penalty",
        Promise.WHOLE,
        recipe(FUNDING, REFUND, "The amount is what was escrowed, the penalty a tenth of it, rounded down."),
    ),
    Rule(
        "money.origin",
        "All royalties come from a committed order",
        Promise.CONSERVATION,
        recipe(logs("ESCROW", CREDITED, "''", "ORDER"), COMMIT),
    ),
    Rule(
        "money.received",
        "An account has received what it was credited",
        Promise.CONSERVATION,
        recipe(
            call("ESCROW", "received(bytes32)(uint256)", "ACCOUNT"),
            logs("ESCROW", CREDITED, "ACCOUNT"),
            "It is the sum of the events, with what rulings moved here or away.",
        ),
    ),
    Rule(
        "money.paid",
        "An account has paid what its holders got",
        Promise.CONSERVATION,
        recipe(PAYMENTS, call("ESCROW", "placeOf(bytes32,uint32)((uint128,uint8))", "ACCOUNT", "INDEX")),
    ),
    Rule(
        "money.holder",
        "A holder was paid no more than the share that is theirs",
        Promise.ENTITLEMENT,
        recipe(
            call("ESCROW", "received(bytes32)(uint256)", "ACCOUNT"),
            call("ESCROW", "placeOf(bytes32,uint32)((uint128,uint8))", "ACCOUNT", "INDEX"),
            f"What was drawn (first value) is at most {SHARE}, the share being that of the published split.",
        ),
    ),
    Rule(
        "money.payee",
        "Only holders named in the split were paid",
        Promise.HOLDERS,
        recipe(
            OPENED_AS,
            PAYMENTS,
            call("ESCROW", "payeeOf(bytes32,uint32)(address)", "ACCOUNT", "INDEX"),
            "Each payee is the holder at its index of the published split, or the address that the place was given.",
        ),
    ),
    Rule(
        "money.confirmed",
        "Only holders who had confirmed their place were paid",
        Promise.HOLDERS,
        recipe(
            PAYMENTS,
            call("ESCROW", "placeOf(bytes32,uint32)((uint128,uint8))", "ACCOUNT", "INDEX"),
            "The second value, the place's status, is not 0.",
        ),
    ),
    Rule(
        "money.held",
        "No holder was paid what a contest of the work held",
        Promise.CONTESTED,
        recipe(
            PAYMENTS,
            logs("ESCROW", HELD, "ACCOUNT"),
            logs("ESCROW", CREDITED, "ACCOUNT"),
            "What came in above from is held, up to cap, until the next such event. After each payment a place has",
            "drawn at most floor((received − held) × share / 10^6), by what had been received then.",
            "How much is held now:",
            call("ESCROW", "heldOf((bytes32,bytes32,address))(uint256)", '"(WORK,SPLIT_ROOT,TOKEN)"'),
        ),
    ),
    Rule(
        "money.recovered",
        "A holder's place was given to another address only after the time in which the holder could object",
        Promise.HOLDERS,
        recipe(
            logs("ESCROW", READDRESSED, "ACCOUNT"),
            logs("RECOVERY", RECOVERY),
            logs("RECOVERY", READDRESSING, "ACCOUNT", "INDEX"),
            "Before each PlaceReaddressed the place's holder had a guardian (GuardianSet), who started a recovery for",
            "that payee 30 days before; or the licensor, who still is one, started to give the place away 180 days",
            "before. Nobody cancelled it since (RecoveryCancelled).",
        ),
    ),
    Rule(
        "money.sent",
        "Holders were sent what the events of their payouts say",
        Promise.CONSERVATION,
        recipe(
            "cast receipt TRANSACTION --rpc-url $RPC",
            "The token's Transfer events from the escrow come, for each receiver, to what the escrow's events say it",
            "was paid, with what it is owed since. The chain's coin has no such event.",
        ),
    ),
    Rule(
        "money.fine",
        "A tenth of a fine went to who found the work without consent, the rest to the model's pool",
        Promise.BOND,
        recipe(
            "cast receipt TRANSACTION --rpc-url $RPC",
            "BondPaid tells the fine, Credited what the pool's account got of it: all but a tenth, rounded down.",
        ),
    ),
    Rule(
        "money.bond",
        "An operator's bond is what it deposited less what it lost, and covers its open orders",
        Promise.BOND,
        recipe(
            call("ESCROW", "bondOf(address,address)(uint256,uint256)", "OPERATOR", "TOKEN"),
            call("ESCROW", "withdrawalOf(address,address)(uint256,uint256)", "OPERATOR", "TOKEN"),
            logs("ESCROW", BONDED, "OPERATOR"),
        ),
    ),
    Rule(
        "money.balance",
        "The contract's balance is what came in less what went out",
        Promise.CONSERVATION,
        recipe(BALANCE, "For the chain's coin:", "$ cast balance ESCROW --block BLOCK --rpc-url RPC"),
        varies=UNEXPLAINED,
    ),
    Rule(
        "money.conserved",
        "What orders brought in was credited, given out, or lies in escrow",
        Promise.CONSERVATION,
        recipe(
            logs("ESCROW", FUNDED),
            logs("ESCROW", COMMITTED),
            logs("ESCROW", REFUNDED),
            logs("ESCROW", CREDITED),
            "Over all orders in one token: escrowed, raised, later revenue, and what rulings and fines took from bonds",
            "are together what was credited, fees, what makers got back, and the escrow of open orders.",
        ),
    ),
    Rule(
        "money.solvent",
        "The contract holds all that it owes",
        Promise.CONSERVATION,
        recipe(
            BALANCE,
            call("ESCROW", "received(bytes32)(uint256)", "ACCOUNT"),
            call("ESCROW", "bondOf(address,address)(uint256,uint256)", "OPERATOR", "TOKEN"),
            "At least open escrows, bonds, and what accounts received and have not paid out, together.",
        ),
    ),
)
