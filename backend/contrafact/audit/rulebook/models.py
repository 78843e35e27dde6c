"""Rules of models and of what they learnt from."""

from __future__ import annotations

from contrafact.audit.outcomes import Severity
from contrafact.audit.rule import Promise, Rule
from contrafact.audit.rulebook.commands import MODEL, POOL_RULE, RATE, call, content, logs, recipe
from contrafact.audit.rulebook.works import IF_ORDERED

RULES = (
    Rule(
        "model.registered",
        "A model that events are about is registered",
        Promise.REGISTERED,
        recipe(
            logs("CATALOGUE", RATE, "MODEL"),
            logs("CATALOGUE", MODEL, "MODEL"),
            "There is one such registration. Where there is none, ask another node, which may leave nothing out.",
        ),
    ),
    Rule(
        "model.id",
        "A model's id follows from who registered it and from its weights",
        Promise.REGISTERED,
        recipe(
            logs("CATALOGUE", MODEL, "MODEL"),
            call("CATALOGUE", "modelIdOf(address,bytes32)(bytes32)", "REGISTRANT", "WEIGHTS"),
        ),
    ),
    Rule(
        "model.once",
        "No weights are registered twice",
        Promise.POOL,
        recipe(
            logs("CATALOGUE", MODEL),
            "Look for the model's weights digest (third topic) in events of other registrants: whoever sells a copy",
            "with another manifest or pool pays the base share to others than the works that the weights learnt from.",
        ),
        Severity.WARNING,
        "an error for a later copy that an order used with another manifest, pool or rate",
    ),
    Rule(
        "model.metadata",
        "A model's description is published and names the registered weights",
        Promise.REGISTERED,
        recipe(logs("CATALOGUE", MODEL, "MODEL"), content("METADATA")),
        varies=IF_ORDERED,
    ),
    Rule(
        "model.weights",
        "The weights file, where it is published or installed, has the registered digest",
        Promise.PROVENANCE,
        recipe(
            logs("CATALOGUE", MODEL, "MODEL"),
            "$ sha256sum WEIGHTS_FILE",
            content("WEIGHTS"),
            "The sum is the event's weights digest (third topic).",
        ),
        varies=IF_ORDERED,
    ),
    Rule(
        "model.pool",
        "A model's training pool is shared out by the TrainingPool contract, at the rates announced",
        Promise.POOL,
        recipe(
            call(
                "CATALOGUE", "baseRateOf(bytes32,bytes32,address)(bool,uint256,uint256)", "MODEL", "POOL_ROOT", "TOKEN"
            ),
            call("POOL", "poolRoot()(bytes32)"),
            "The model's pool root is that of the pool, and the rate the announced one.",
        ),
        varies=IF_ORDERED,
    ),
    Rule(
        "model.rule",
        "The rule by which a model's pool is shared is the one that its description states",
        Promise.POOL,
        recipe(logs("CATALOGUE", POOL_RULE, "MODEL"), content("METADATA"), "pool in the description is the event's."),
        varies=IF_ORDERED,
    ),
    Rule(
        "model.manifest",
        "The list of what a model learnt from is published, and gives the registered root",
        Promise.CONSENT,
        recipe(
            "$ contrafact models manifest MODEL --store STORE --deployment DEPLOYMENT --rpc-url RPC",
            "The Merkle root of the list is the event's manifest root, and its length training_works.",
            logs("CATALOGUE", MODEL, "MODEL"),
        ),
        varies=IF_ORDERED,
    ),
    Rule(
        "model.consent",
        "The licence in force when a model was registered, or until a day before, let it learn",
        Promise.CONSENT,
        recipe(
            "$ contrafact consent check MODEL --store STORE --deployment DEPLOYMENT --rpc-url RPC",
            "By hand, for each training work: it is registered, or in a collection that its licensor anchored,",
            call("CATALOGUE", "workIdOf(address,bytes32)(bytes32)", "REGISTRANT", "CONTENT"),
            call("CATALOGUE", "anchoredSince(address,bytes32)(uint256)", "REGISTRANT", "ROOT"),
            "and the terms in force when the model was registered permit training.",
        ),
        varies=IF_ORDERED,
    ),
)
