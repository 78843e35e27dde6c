"""Rules of commits, and of what comes after them."""

from __future__ import annotations

from contrafact.audit.rule import Promise, Rule
from contrafact.audit.rulebook.commands import COMMIT_CALL, COMMITTED, DOWNSTREAM, RAISED, TERMS, logs, recipe
from contrafact.audit.rulebook.orders import BY_CONTRACT, COMMIT, FUNDING

OF_COMMIT = f'$ cast decode-calldata "{COMMIT_CALL}" $(cast tx TRANSACTION input --rpc-url RPC)'

RULES = (
    Rule(
        "order.raised",
        "A finished order was raised to wider uses that its pinned terms permit, at their price",
        Promise.ENTITLEMENT,
        recipe(FUNDING, logs("ESCROW", RAISED, "ORDER"), logs("CATALOGUE", TERMS, "WORK")),
    ),
    Rule(
        "order.revenue",
        "Of later revenue the maker got what the sources' parts leave",
        Promise.WHOLE,
        recipe(
            FUNDING,
            COMMIT,
            logs("ESCROW", DOWNSTREAM, "ORDER"),
            "To each source amount × share × its part of later revenue / 10^12, rounded down; the rest to the maker.",
        ),
    ),
    Rule(
        "commit.signed",
        "The operator signed the commit",
        Promise.SIGNED,
        recipe(
            COMMIT,
            OF_COMMIT,
            "$ cast wallet verify --address OPERATOR --no-hash COMMIT_DIGEST SIGNATURE",
            "commitDigest of the escrow gives what is signed. The key is the operator's, or one it had named by then.",
            BY_CONTRACT,
        ),
    ),
    Rule(
        "commit.once",
        "No two orders were committed with the same record, sound or notes",
        Promise.PROVENANCE,
        recipe(
            logs("ESCROW", COMMITTED),
            "Record digest, output digest (second and third topic) and evidence root are in no other order's event.",
        ),
    ),
    Rule(
        "commit.bounds",
        "The committed shares sum to the whole and keep the order's bounds",
        Promise.WHOLE,
        recipe(
            FUNDING,
            COMMIT,
            "shares is one word: the base share in its lowest 24 bits, each source's in the next, the length in",
            "seconds from bit 216 on.",
        ),
    ),
)
