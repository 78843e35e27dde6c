"""Compiles the contracts into committed artifacts, and says whether the committed ones are current.

An artifact is `{contractName, sourceName, abi, bytecode, deployedBytecode, immutableReferences, compiler,
sourceDigest}`. The source digest is SHA-256 over the sources of this repository that the contract is made of
(itself and what it imports, sorted by name; the imported libraries are pinned by package-lock.json), so
that whether an artifact is current can be told without a compiler.

Beside them lies what a block explorer needs to verify a contract: the compiler's standard JSON input with all sources,
those of the libraries included, packed.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import posixpath
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import solcx
from solcx.exceptions import SolcError

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
OUTPUTS = {
    "": ("Catalogue", "GenerationEscrow", "HolderRecovery", "DisputeDesk", "TrainingPool", "Authority", "TestDollar"),
    "doubles/": ("QuirkyToken", "Puppet"),
}
# No metadata hash: the code then depends on what the source means, not on its comments or file names.
SETTINGS = {
    "evmVersion": "prague",
    "metadata": {"bytecodeHash": "none"},
    "optimizer": {"enabled": True, "runs": 800},
    "viaIR": True,
}
WANTED = {"*": {"*": ["abi", "evm.bytecode.object", "evm.deployedBytecode"], "": ["ast"]}}
STANDARD_INPUT = HERE / "artifacts" / "standard-input.json.gz"
SOLC = HERE / "solc"
IMPORT = re.compile(r'^import\s[^;]*?"([^"]+)";', re.MULTILINE)

Json = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description="Compiles the contracts into contracts/artifacts.")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="compile and compare; write nothing")
    mode.add_argument("--digests", action="store_true", help="compare the sources' digests; needs no compiler")
    arguments = parser.parse_args()
    if arguments.digests:
        stale = [path for source, path in targets().items() if not has_current_digest(source, path)]
        stale += [] if has_own_sources() else [STANDARD_INPUT]
    elif arguments.check:
        stale = [path for path, artifact in build().items() if not is_current(path, artifact)]
        stale += [] if has_current_input() else [STANDARD_INPUT]
    else:
        for path, artifact in build().items():
            write(path, artifact)
        if not has_current_input():
            STANDARD_INPUT.write_bytes(gzip.compress(json.dumps(standard_input()).encode(), mtime=0))
        return 0
    if stale:
        print("Not current, run scripts/compile:", *stale, sep="\n  ", file=sys.stderr)
    return 1 if stale else 0


def targets() -> dict[str, Path]:
    """Source name of each contract that is shipped or tested → its artifact's path."""
    pairs = [(folder, name) for folder, names in OUTPUTS.items() for name in names]
    return {f"{folder}{name}.sol": HERE / folder / "artifacts" / f"{name}.json" for folder, name in pairs}


def has_current_digest(source: str, path: Path) -> bool:
    return path.exists() and json.loads(path.read_text())["sourceDigest"] == source_digest(source)


def is_current(path: Path, artifact: Json) -> bool:
    return path.exists() and path.read_text() == to_text(artifact)


def write(path: Path, artifact: Json) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_text(artifact))
    size = len(artifact["deployedBytecode"]) // 2 - 1
    print(f"{path.relative_to(HERE.parent)}: {size} bytes of code")


def to_text(artifact: Json) -> str:
    return json.dumps(artifact, indent=1, sort_keys=True) + "\n"


def standard_input() -> Json:
    """What a block explorer compiles: the shipped contracts' sources and the settings, for the compiler named.

    `compiler` is the version with its commit, which is not part of the compiler's own input.
    """
    names = set().union(*(closure(source) for source in targets() if "/" not in source))
    sources = {name: {"content": read(name)} for name in sorted(names)}
    compiler = re.search(r"\d+\.\d+\.\d+\+commit\.\w+", solc_says("--version"))
    assert compiler
    return {"compiler": compiler[0], "input": {"language": "Solidity", "sources": sources, "settings": SETTINGS}}


def has_current_input() -> bool:
    """Compares what is packed: packing again may give other bytes, where the library that packs is another one."""
    return STANDARD_INPUT.exists() and json.loads(gzip.decompress(STANDARD_INPUT.read_bytes())) == standard_input()


def has_own_sources() -> bool:
    """Whether the packed sources of this repository are the present ones; needs neither compiler nor libraries."""
    names = set().union(*(closure(source, own=True) for source in targets() if "/" not in source))
    packed = json.loads(gzip.decompress(STANDARD_INPUT.read_bytes()))["input"] if STANDARD_INPUT.exists() else {}
    sources = {name: entry["content"] for name, entry in packed.get("sources", {}).items() if not name.startswith("@")}
    return bool(packed) and sources == {name: read(name) for name in names} and packed["settings"] == SETTINGS


def build() -> dict[Path, Json]:
    """Compiles everything in one run. Exits with the compiler's messages when it complains about our sources."""
    names = set().union(*(closure(source) for source in targets()))
    sources = {name: {"content": read(name)} for name in sorted(names)}
    settings = {**SETTINGS, "outputSelection": WANTED}
    output = run_solc({"language": "Solidity", "sources": sources, "settings": settings})
    problems = [error["formattedMessage"] for error in output.get("errors", []) if is_ours(error)]
    if problems:
        sys.exit("\n".join(problems))
    variables = {node["id"]: node["name"] for unit in output["sources"].values() for node in immutables(unit["ast"])}
    return {path: to_artifact(source, output, variables) for source, path in targets().items()}


def is_ours(error: Json) -> bool:
    """Errors, and warnings about sources of this repository; what libraries are warned about is theirs."""
    location = error.get("sourceLocation") or {}
    return bool(error["severity"] == "error" or not str(location.get("file", "")).startswith("@"))


def require_compiler() -> None:
    if not (MODULES / "solc").exists():
        sys.exit("The compiler is not installed. Run scripts/compile, which installs it.")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])  # where Node may be


def run_solc(job: Json) -> Json:
    require_compiler()
    try:
        result: Json = solcx.compile_standard(job, solc_binary=SOLC)
    except SolcError as error:
        sys.exit(error.message)
    return result


def solc_says(option: str) -> str:
    require_compiler()
    return subprocess.run([SOLC, option], check=True, capture_output=True, text=True).stdout


def immutables(node: Any) -> Iterator[Json]:
    """The declarations of immutable variables in a syntax tree."""
    if isinstance(node, list):
        yield from (found for child in node for found in immutables(child))
    elif isinstance(node, dict):
        if node.get("mutability") == "immutable":
            yield node
        yield from (found for child in node.values() for found in immutables(child))


def to_artifact(source: str, output: Json, variables: dict[int, str]) -> Json:
    name = Path(source).stem
    contract = output["contracts"][source][name]
    code, deployed = contract["evm"]["bytecode"], contract["evm"]["deployedBytecode"]
    return {
        "contractName": name,
        "sourceName": source,
        "abi": contract["abi"],
        "bytecode": f"0x{code['object']}",
        "deployedBytecode": f"0x{deployed['object']}",
        "immutableReferences": places(deployed.get("immutableReferences", {}), variables),
        "compiler": {"name": "solc", "version": solc_version(), "settings": SETTINGS},
        "sourceDigest": source_digest(source),
    }


def places(references: dict[str, list[dict[str, int]]], variables: Mapping[int, str]) -> list[Json]:
    """Where the deployed code holds values of immutables: start and length in bytes, and the variable; ascending.

    The compiler calls the variable by a number that depends on what else is compiled; its name does not.
    """
    found = [{**place, "name": variables[int(key)]} for key, group in references.items() for place in group]
    return sorted(found, key=lambda place: place["start"])


def solc_version() -> str:
    return str(json.loads((MODULES / "solc" / "package.json").read_text())["version"])


def source_digest(source: str) -> str:
    """SHA-256, in hex, over the settings and over name and content of the contract's own sources."""
    digest = hashlib.sha256(json.dumps(SETTINGS, sort_keys=True).encode())
    for name in sorted(closure(source, own=True)):
        digest.update(f"\0{name}\0{read(name)}".encode())
    return digest.hexdigest()


def closure(source: str, own: bool = False) -> set[str]:
    """Names of all sources that `source` is made of; `own`: without those of libraries."""
    found: set[str] = set()
    waiting = [source]
    while waiting:
        name = waiting.pop()
        if name in found or (own and name.startswith("@")):
            continue
        found.add(name)
        waiting += [resolve(name, imported) for imported in IMPORT.findall(read(name))]
    return found


def resolve(importer: str, imported: str) -> str:
    """An imported name as the compiler sees it: relative ones start from the importer's folder."""
    if not imported.startswith("."):
        return imported
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), imported))


def read(name: str) -> str:
    return ((MODULES if name.startswith("@") else HERE) / name).read_text()


if __name__ == "__main__":
    sys.exit(main())
