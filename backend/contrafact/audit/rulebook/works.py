"""Rules of works and of their licence terms."""

from __future__ import annotations

from contrafact.audit.outcomes import Severity
from contrafact.audit.rule import Promise, Rule
from contrafact.audit.rulebook.commands import COLLECTION, SPLIT, TERMS, WORK, call, content, logs, recipe

IF_ORDERED = "a warning where no order used it: anybody can register anything"
OF_THE_COPY = "an error for a later copy that an order used"

WORKS = (
    Rule(
        "work.registered",
        "A work that events are about is registered",
        Promise.REGISTERED,
        recipe(
            logs("CATALOGUE", TERMS, "WORK"),
            logs("CATALOGUE", WORK, "WORK"),
            "There is one such registration. Where there is none, ask another node, which may leave nothing out.",
        ),
    ),
    Rule(
        "work.id",
        "A work's id follows from who registered it and from its content",
        Promise.REGISTERED,
        recipe(
            logs("CATALOGUE", WORK, "WORK"),
            call("CATALOGUE", "workIdOf(address,bytes32)(bytes32)", "REGISTRANT", "CONTENT"),
            "With registrant and content digest of the event, the id comes out.",
        ),
    ),
    Rule(
        "work.once",
        "No content is registered twice",
        Promise.ENTITLEMENT,
        recipe(
            logs("CATALOGUE", WORK),
            "Look for the work's content digest (third topic) and source digest in events of other licensors.",
        ),
        Severity.WARNING,
        OF_THE_COPY,
    ),
    Rule(
        "work.metadata",
        "A work's description is published and names the registered content",
        Promise.REGISTERED,
        recipe(
            logs("CATALOGUE", WORK, "WORK"),
            content("METADATA"),
            "The sum is the event's metadata digest; the document's content and source form are the event's.",
        ),
        varies=IF_ORDERED,
    ),
    Rule(
        "work.described",
        "Every later description of a work is of the same music",
        Promise.REGISTERED,
        recipe(
            logs("CATALOGUE", SPLIT, "WORK"),
            content("METADATA"),
            "Content, source form and composition are the registered ones; title and credits should be, too.",
        ),
        varies="a warning where only title, credits or numbers differ, and where no order used the work",
    ),
    Rule(
        "work.composition",
        "A recording's composition is registered, and the one that its description names",
        Promise.REGISTERED,
        recipe(
            call("CATALOGUE", "compositionOf(bytes32)(bytes32)", "WORK"),
            content("METADATA"),
            "recording_of in the description is the same, and that work is registered before it.",
        ),
        varies=IF_ORDERED,
    ),
    Rule(
        "work.files",
        "A work's file and the tokens that the model reads are published",
        Promise.REGISTERED,
        recipe(logs("CATALOGUE", WORK, "WORK"), content("CONTENT"), content("SOURCE_FORM")),
        varies=IF_ORDERED,
    ),
    Rule(
        "work.derived",
        "The tokens that the model reads follow from the work's file",
        Promise.PROVENANCE,
        recipe(
            "Needs the extra generation. The audit reads the file and makes the source form again:",
            "$ contrafact audit --rpc-url RPC --deployment DEPLOYMENT --store STORE",
        ),
        varies=IF_ORDERED,
    ),
    Rule(
        "work.split",
        "The registered rights split is the published one",
        Promise.REGISTERED,
        recipe(
            logs("CATALOGUE", WORK, "WORK"),
            content("METADATA"),
            "The root of the Merkle-sum tree of the document's rights_holders is the event's split root.",
            "$ contrafact works show WORK --store STORE --deployment DEPLOYMENT --rpc-url RPC",
        ),
        varies=IF_ORDERED,
    ),
    Rule(
        "work.splits",
        "Each version of a rights split is the one that its terms were set with",
        Promise.HISTORY,
        recipe(
            logs("CATALOGUE", SPLIT, "WORK"),
            logs("CATALOGUE", TERMS, "WORK"),
            "Each change of the split has a version of the terms with the same root in the same transaction.",
        ),
    ),
    Rule(
        "work.storage",
        "The catalogue holds what its events say",
        Promise.REGISTERED,
        recipe(
            call("CATALOGUE", "licensorOf(bytes32)(address)", "WORK"),
            call("CATALOGUE", "compositionOf(bytes32)(bytes32)", "WORK"),
            call("CATALOGUE", "isContested(bytes32)(bool)", "WORK"),
            call("CATALOGUE", "isBarred(bytes32)(bool)", "WORK"),
            "Compare with the newest events of the work.",
        ),
    ),
)

TERMS_RULES = (
    Rule(
        "terms.versions",
        "The versions of licence terms follow one another",
        Promise.HISTORY,
        recipe(
            logs("CATALOGUE", TERMS, "WORK"),
            call("CATALOGUE", "currentVersion(bytes32)(uint32)", "WORK"),
            "The events' versions go up by one to the current one, in the order of their blocks.",
        ),
    ),
    Rule(
        "terms.hash",
        "The chain holds the hash of the terms and the split that were announced",
        Promise.HISTORY,
        recipe(
            call("CATALOGUE", "licenceOf(bytes32,uint256)(uint256)", "WORK", "VERSION"),
            "$ cast keccak $(cast concat-hex SPLIT_ROOT WORDS)",
            "The stored word without its last 5 bytes is the hash without its first 5, split root and words being",
            "those of the version's event:",
            logs("CATALOGUE", TERMS, "WORK"),
        ),
    ),
    Rule(
        "terms.since",
        "Terms took force when they were announced, one version after the other",
        Promise.HISTORY,
        recipe(
            call("CATALOGUE", "licenceOf(bytes32,uint256)(uint256)", "WORK", "VERSION"),
            "$ cast block BLOCK_OF_EVENT --field timestamp --rpc-url RPC",
            "The last 5 bytes of the word are that time. For version 1 of a work of a collection it is that of:",
            logs("CATALOGUE", COLLECTION),
        ),
    ),
    Rule(
        "terms.form",
        "Terms are written in the one form that the contract takes",
        Promise.PERMISSION,
        recipe(
            logs("CATALOGUE", TERMS, "WORK"),
            "$ cast call CATALOGUE "
            '"readTerms(bytes32[])((bool,bool,bool,bool,bool,bool,uint8,uint24,uint24,uint40,uint40,uint40,uint72,'
            'bytes32,(address,uint80[4])[]))" "[WORDS]" --rpc-url RPC',
            "The call does not revert: the end is after the start, parts are at most a million, no token twice.",
        ),
    ),
)
