"""What Etherscan and Sourcify want to verify a contract: sources, settings, compiler and constructor arguments."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contrafact.ledger.artifacts import load, standard_input
from contrafact.ledger.construction import arguments, encoded
from contrafact.ledger.deployment_file import Deployment

ETHERSCAN, SOURCIFY = "https://api.etherscan.io/v2/api", "https://sourcify.dev/server"
_IMPORT = re.compile(r'^import\s[^;]*?"([^"]+)";', re.MULTILINE)
_WANTED = {"*": {"*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object", "metadata"]}}


@dataclass(frozen=True, slots=True)
class VerifyInput:
    """One contract at one address; `standard_json` compiles to exactly its bytecode."""

    name: str
    chain_id: int
    address: str
    identifier: str
    compiler: str
    standard_json: Mapping[str, Any]
    encoded_arguments: bytes
    transaction: str | None

    def etherscan(self) -> dict[str, str]:
        """The form fields of Etherscan's `verifysourcecode` but for the sources (`sourceCode`) and the API key."""
        words = self.encoded_arguments.hex()
        return {
            "contractaddress": self.address,
            "codeformat": "solidity-standard-json-input",
            "contractname": self.identifier,
            "compilerversion": f"v{self.compiler}",
            "constructorArguments": words,
            "constructorArguements": words,  # as it was spelt, and still is where explorers imitate Etherscan
        }

    def sourcify(self) -> dict[str, Any]:
        """The body of Sourcify's `POST /v2/verify/{chainId}/{address}`."""
        body = {
            "stdJsonInput": self.standard_json,
            "compilerVersion": self.compiler,
            "contractIdentifier": self.identifier,
        }
        return body | ({"creationTransactionHash": self.transaction} if self.transaction else {})

    def files(self) -> dict[str, str]:
        """File name → text: what is sent, and how `curl --config` sends it, beside each other in one folder."""
        name = self.name
        fields = [f"{field}={value}" for field, value in self.etherscan().items()]
        etherscan = [
            f'url = "{ETHERSCAN}?chainid={self.chain_id}&module=contract&action=verifysourcecode"',
            *(f'data-urlencode = "{field}"' for field in (*fields, f"sourceCode@{name}.input.json")),
        ]
        sourcify = [
            f'url = "{SOURCIFY}/v2/verify/{self.chain_id}/{self.address}"',
            'header = "Content-Type: application/json"',
            f'data-binary = "@{name}.sourcify.json"',
        ]
        return {
            f"{name}.input.json": json.dumps(self.standard_json, indent=1) + "\n",
            f"{name}.sourcify.json": json.dumps(self.sourcify()) + "\n",
            f"{name}.etherscan.curl": "\n".join(etherscan) + "\n",
            f"{name}.sourcify.curl": "\n".join(sourcify) + "\n",
        }


def verify_inputs(deployment: Deployment, deployer: str) -> list[VerifyInput]:
    """One for each contract of the deployment. `deployer` is the Authority's first admin."""
    packed = standard_input()
    return [_of(name, deployment, deployer, packed) for name in deployment.contracts]


def _of(name: str, deployment: Deployment, deployer: str, packed: Mapping[str, Any]) -> VerifyInput:
    artifact, made = load(name), deployment.creations.get(name)
    return VerifyInput(
        name,
        deployment.chain_id,
        deployment.contracts[name],
        f"{artifact.source_name}:{name}",
        packed["compiler"],
        _narrowed(packed["input"], artifact.source_name),
        encoded(name, arguments(name, deployment.contracts, deployer)),
        made.transaction if made else None,
    )


def _narrowed(whole: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The compiler's input with only those sources that `source` is made of; the bytecode is the same."""
    sources: dict[str, Any] = {}
    waiting = [source]
    while waiting:
        name = waiting.pop()
        if name not in sources:
            sources[name] = whole["sources"][name]
            waiting += [_resolved(name, imported) for imported in _IMPORT.findall(sources[name]["content"])]
    settings = {**whole["settings"], "outputSelection": _WANTED}
    return {**whole, "sources": dict(sorted(sources.items())), "settings": settings}


def _resolved(importer: str, imported: str) -> str:
    if not imported.startswith("."):
        return imported
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), imported))
