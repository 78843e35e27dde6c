"""ERC-7730 descriptors of one deployment: a file for each contract, and for what is signed off the chain.

descriptors(31337, deployment.contracts)["GenerationEscrow"]   # a JSON document; so "messages", "token_messages"
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from contrafact.domain.terms import NATIVE, Use
from contrafact.domain.typed_data import encode_type
from contrafact.ledger.artifacts import load
from contrafact.ledger.clear_signing.schema import leaves, parameters, signature
from contrafact.ledger.clear_signing.table import Row, Sheet, sheets

SCHEMA = "https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json"
MESSAGES = {"messages": ("GenerationEscrow", "Contrafact"), "token_messages": ("TestDollar", "Worthless Test Dollar")}
"""What is signed off the chain: for which contract, and under which name in its domain; the version is 1."""
_FORMATS = {"coin": "amount", "tokens": "tokenAmount", "address": "addressName", "token": "tokenTicker",
            "ppm": "unit", "use": "enum", "rule": "enum"}  # fmt: skip
_RULES = {"0": "equal", "1": "influence"}
_SLICE = re.compile(r"\.\[-?\d*:-?\d*\]$")
Document = dict[str, Any]


def descriptors(chain_id: int, contracts: Mapping[str, str]) -> dict[str, Document]:
    """For each of `contracts` (addresses by name) that people call, and for the messages they sign."""
    found = {name: _contract(name, chain_id, address) for name, address in contracts.items() if name in sheets()}
    for section, (name, domain) in MESSAGES.items():
        if name in contracts:
            found[section] = _messages(section, chain_id, contracts[name], domain)
    return found


def file_name(name: str) -> str:
    """How registries call the file of a descriptor."""
    return f"{'eip712' if name in MESSAGES else 'calldata'}-{name.replace('_', '-')}.json"


def to_text(descriptor: Document) -> str:
    """The file's text."""
    return json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n"


def _contract(name: str, chain_id: int, address: str) -> Document:
    functions = {one["name"]: one for one in load(name).abi if one["type"] == "function"}
    formats = {
        signature(functions[call]): _format(sheet, leaves(functions[call]["inputs"]))
        for call, sheet in sheets()[name].items()
    }
    return _document({"contract": {"deployments": [_place(chain_id, address)]}}, name, formats)


def _messages(section: str, chain_id: int, address: str, domain: str) -> Document:
    formats = {encode_type(kind): _format(sheet, leaves(parameters(kind))) for kind, sheet in sheets()[section].items()}
    place = {"deployments": [_place(chain_id, address)], "domain": {"name": domain, "version": "1"}}
    return _document({"eip712": place}, MESSAGES[section][0], formats)


def _place(chain_id: int, address: str) -> Document:
    return {"chainId": chain_id, "address": address}


def _document(context: Document, name: str, formats: Document) -> Document:
    uses = {str(int(use)): use.name.lower() for use in Use}
    metadata = {"owner": "Contrafact", "contractName": name, "enums": {"use": uses, "rule": _RULES}}
    context = {"$id": f"Contrafact {name}", **context}
    return {"$schema": SCHEMA, "context": context, "metadata": metadata, "display": {"formats": formats}}


def _format(sheet: Sheet, members: Iterable[str]) -> Document:
    """The values of the sheet, then, for wallets with room, the others as they are."""
    shown = {_SLICE.sub("", row.path) for row in sheet.rows}
    fields = [_field(row) for row in sheet.rows]
    fields += [
        {"path": f"#.{path}", "label": _label(path), "format": "raw", "visible": "optional"}
        for path in members
        if path not in shown
    ]
    return {"intent": sheet.intent, "fields": fields}


def _field(row: Row) -> Document:
    field = {"path": _path(row.path), "label": row.label, "format": _FORMATS.get(row.format, row.format)}
    params = _params(row)
    return {**field, "params": params} if params else field


def _params(row: Row) -> Document:
    fixed: dict[str, Document] = {
        "date": {"encoding": "timestamp"},
        "ppm": {"base": "%", "decimals": 4},
        "use": {"$ref": "$.metadata.enums.use"},
        "rule": {"$ref": "$.metadata.enums.rule"},
        "address": {"types": ["wallet", "eoa", "contract"]},
    }
    if row.format == "tokens":
        return {"tokenPath": _path(row.token), "nativeCurrencyAddress": NATIVE}
    return fixed.get(row.format, {})


def _path(path: str) -> str:
    """Containers (`@.value`) as they are, members from the root."""
    return path if path.startswith("@.") else f"#.{path}"


def _label(path: str) -> str:
    """A member's name in words, short enough for a small display: `operatorProof` → `Operator proof`."""
    name = [part for part in path.split(".") if part != "[]"][-1].rstrip("_")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
