"""Rules of the training pools and their epochs."""

from __future__ import annotations

from contrafact.audit.rule import Promise, Rule
from contrafact.audit.rulebook.commands import CLAIMED, EPOCH, call, content, logs, recipe
from contrafact.audit.rulebook.money import UNEXPLAINED

CLOSED = logs("POOL", EPOCH, "MODEL")
STATE = call("POOL", "epochOf(bytes32,address,uint256)(bytes32,uint256,uint256,uint256)", "MODEL", "TOKEN", "NUMBER")

RULES = (
    Rule(
        "pool.epoch",
        "An epoch's record is published, and consists of what the chain says",
        Promise.POOL,
        recipe(CLOSED, content("EVIDENCE")),
    ),
    Rule(
        "pool.split",
        "Works and holders have what follows from the rule, the manifest and what is published",
        Promise.POOL,
        recipe(
            CLOSED,
            content("EVIDENCE"),
            "$ contrafact pool show MODEL --store STORE --deployment DEPLOYMENT --rpc-url RPC",
        ),
    ),
    Rule(
        "pool.root",
        "The published leaves are the ones that were closed: root, sum, each holder once",
        Promise.ENTITLEMENT,
        recipe(CLOSED, STATE, "Root and total are those of the Merkle-sum tree of the record's leaves."),
    ),
    Rule(
        "pool.claims",
        "Each claim paid its leaf once; what was claimed and what is left are the total",
        Promise.ENTITLEMENT,
        recipe(logs("POOL", CLAIMED, "MODEL"), STATE),
    ),
    Rule(
        "pool.balance",
        "The training pool holds its pots and what is left of its epochs",
        Promise.CONSERVATION,
        recipe(
            call("TOKEN", "balanceOf(address)(uint256)", "POOL"),
            call("POOL", "potOf(bytes32,address)(uint256,uint256)", "MODEL", "TOKEN"),
            STATE,
        ),
        varies=UNEXPLAINED,
    ),
)
