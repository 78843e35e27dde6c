"""Recipes with the values filled in, and the page `docs/audit-rules.md` that lists them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from contrafact.audit.outcomes import Finding
from contrafact.audit.rules import GROUPS, RULES, Rule, group

PLACEHOLDERS = {
    "RPC": "URL of a node, best of one that you run",
    "BLOCK": "number of the audited block",
    "BLOCK_OF_EVENT": "number of the block that an event is in",
    "TRANSACTION": "hash of the transaction that an event is in",
    "DEPLOYMENT": "the file with the contracts' addresses",
    "STORE": "the content store: for `contrafact` as in `--store`, for `find` its folder",
    "CATALOGUE": "address of the contract Catalogue",
    "ESCROW": "address of the contract GenerationEscrow",
    "POOL": "address of the contract TrainingPool",
    "RECOVERY": "address of the contract HolderRecovery",
    "CONTRACT": "address of the contract that is looked at",
    "TOKEN": "address of the token that is paid in, zero for the chain's coin",
    "ORDER": "id of the order",
    "QUOTE": "the quote as in the event, as a tuple",
    "OPERATOR": "address of the operator",
    "LICENSOR": "address of the licensor when the order was funded",
    "SIGNATURE": "the signature in the calldata",
    "COMMIT_DIGEST": "the EIP-712 digest of the commit",
    "APPROVAL_DIGEST": "the EIP-712 digest of the approval: order and work",
    "WORK": "id of the work",
    "MODEL": "id of the model",
    "REGISTRANT": "address that registered the work or model",
    "CONTENT": "digest of the work's file",
    "SOURCE_FORM": "digest of the tokens that the model reads",
    "METADATA": "digest of the description",
    "WEIGHTS": "digest of the model's weights",
    "WEIGHTS_FILE": "the model's weights, as a file",
    "POOL_ROOT": "root of the split of the model's training pool",
    "LICENCE": "digest of the licence text that the record names",
    "ROOT": "Merkle root of the collection",
    "VERSION": "number of the version of the terms",
    "SPLIT_ROOT": "root of the rights split in the event",
    "WORDS": "words of the terms in the event",
    "RECORD": "digest of the attribution record",
    "CID": "CID of the attribution record",
    "EVIDENCE_ROOT": "digest of the list of notes",
    "SECRET": "the operator's secret in the record, in hex without 0x",
    "FLAC": "digest of a sound file that the record names",
    "FILE": "a file",
    "HEADER": "see below the command",
    "ACCOUNT": "id of the royalty account",
    "INDEX": "the holder's place in the split",
    "EVIDENCE": "digest of the epoch's record",
    "NUMBER": "number of the epoch",
}
CID = "cid() { printf \"01551220${1#0x}\" | xxd -r -p | base32 -w0 | tr -d = | tr A-Z a-z | sed 's/^/b/'; }"
"""A function of the shell: the CID of a digest, which is the name of its file in a folder store."""

_WORD = re.compile(r"\b[A-Z][A-Z_]+\b(?!\()")
"""A placeholder; what a bracket follows is a view of a contract, such as MIN_DELIVERY()."""
_INTRODUCTION = f"""# The audit's rules

Each rule of `contrafact audit` by its stable name: what it means when it passes, what the ledger promises by it, how
grave a breach is, and how to check it without this software. `contrafact audit --rules` prints this page, with `--json`
for machines. Every finding of a report has its recipe with the values filled in, as far as they are known.

The recipes use `cast` of [Foundry](https://getfoundry.sh), the usual tools of a shell, and this function, which gives
the name of a digest's file in a content store that is a folder:

```
{CID}
```

"""


def reproduced(finding: Finding, addresses: Mapping[str, str], block: int, known: Mapping[str, str]) -> str:
    """The recipe of a finding's rule with its values; what is not known stays a placeholder.

    `known` are further values by placeholder, such as an order's operator and token.
    """
    values = {
        "CATALOGUE": addresses.get("Catalogue", ""),
        "ESCROW": addresses.get("GenerationEscrow", ""),
        "POOL": addresses.get("TrainingPool", ""),
        "RECOVERY": addresses.get("HolderRecovery", ""),
        "BLOCK": str(block),
        **known,
        **{name.upper(): value for name, value in finding.evidence.items() if name.upper() in PLACEHOLDERS},
        finding.subject.kind.upper(): finding.subject.id,
    }
    recipe = filled(RULES[finding.check].by_hand, values)
    return f"$ {CID}\n{recipe}" if "$(cid " in recipe else recipe


def filled(recipe: str, values: Mapping[str, str]) -> str:
    """The recipe, the placeholders in its commands replaced where a value is known."""
    lines = (_filled(line, values) if line.startswith("$ ") else line for line in recipe.splitlines())
    return "\n".join(lines)


def placeholders(recipe: str) -> set[str]:
    """The placeholders in a recipe's commands."""
    return {word for line in recipe.splitlines() if line.startswith("$ ") for word in _WORD.findall(line)}


def page() -> str:
    """The page `docs/audit-rules.md`."""
    names = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in PLACEHOLDERS.items())
    table = f"| stands for | |\n| --- | --- |\n{names}\n"
    return _INTRODUCTION + table + "".join(_sections())


def _sections() -> Iterator[str]:
    for heading in dict.fromkeys(GROUPS.values()):
        yield f"\n## {heading}\n"
        yield from (_section(rule) for rule in RULES.values() if group(rule.name) == heading)


def _section(rule: Rule) -> str:
    head = f"\n### {rule.name}\n{rule.means}.\n\nGuards: {rule.guards.value}. A breach is: {rule.gravity}.\n"
    return f"{head}\n```\n{rule.by_hand}\n```\n"


def _filled(line: str, values: Mapping[str, str]) -> str:
    return _WORD.sub(lambda word: values.get(word[0]) or word[0], line)
