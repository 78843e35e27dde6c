"""Compiles the contracts into committed artifacts, and says whether the committed ones are current.

An artifact is `{contractName, sourceName, abi, bytecode, deployedBytecode, immutableReferences, compiler,
sourceDigest}`. The source digest is SHA-256 over the sources of this repository that the contract is made of
(itself and what it imports, sorted by name; the imported libraries are pinned by package-lock.json), so
that whether an artifact is current can be told without a compiler.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import posixpath
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
OUTPUTS = {
    "artifacts": ("WorkRegistry", "Licensing", "ModelRegistry", "GenerationEscrow", "TestDollar"),
}
# No metadata hash: the code then depends on what the source means and not on its comments or file names.
SETTINGS = {
    "evmVersion": "prague",
    "metadata": {"bytecodeHash": "none"},
    "optimizer": {"enabled": True, "runs": 1_000_000},
    "viaIR": True,
}
SOLC = "process.stdout.write(require('solc').compile(require('fs').readFileSync(0, 'utf8')))"
IMPORT = re.compile(r'^import\s[^;]*?"([^"]+)";', re.MULTILINE)

Artifact = dict[str, object]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="compile, compare with the committed artifacts, write nothing")
    mode.add_argument("--digests", action="store_true", help="compare source digests only; needs no compiler")
    arguments = parser.parse_args()
    if arguments.digests:
        stale = [str(path) for path in targets().values() if not has_current_digest(path)]
    else:
        stale = [str(path) for path, artifact in build().items() if not is_current(path, artifact, not arguments.check)]
    if (arguments.check or arguments.digests) and stale:
        print("Not current, run scripts/compile:", *stale, sep="\n  ", file=sys.stderr)
        return 1
    return 0


def targets() -> dict[str, Path]:
    """Source name of each contract that is shipped or tested → its artifact's path."""
    folders = {"artifacts": "", "doubles/artifacts": "doubles/"}
    return {f"{folders[out]}{name}.sol": HERE / out / f"{name}.json" for out, names in OUTPUTS.items() for name in names}


def has_current_digest(path: Path) -> bool:
    source = next(name for name, target in targets().items() if target == path)
    return path.exists() and json.loads(path.read_text())["sourceDigest"] == source_digest(source)


def is_current(path: Path, artifact: Artifact, write: bool) -> bool:
    """Whether the file at `path` is exactly `artifact`; where not, writes it if told to."""
    text = json.dumps(artifact, indent=1, sort_keys=True) + "\n"
    current = path.exists() and path.read_text() == text
    if write and not current:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(f"wrote {path.relative_to(HERE.parent)}, {code_size(artifact)} bytes of code")
    return current


def code_size(artifact: Artifact) -> int:
    return len(str(artifact["deployedBytecode"])) // 2 - 1


def build() -> dict[Path, Artifact]:
    """Compiles everything in one run. Exits with the compiler's messages when it reports an error or a warning."""
    names = set().union(*(closure(source) for source in targets()))
    wanted = {"*": {"*": ["abi", "evm.bytecode.object", "evm.deployedBytecode"]}}
    job = {
        "language": "Solidity",
        "sources": {name: {"content": read(name)} for name in sorted(names)},
        "settings": {**SETTINGS, "outputSelection": wanted},
    }
    output = run_solc(job)
    problems = [error["formattedMessage"] for error in output.get("errors", []) if is_ours(error)]
    if problems:
        sys.exit("\n".join(problems))
    return {path: to_artifact(source, output["contracts"][source]) for source, path in targets().items()}


def is_ours(error: dict[str, object]) -> bool:
    """Errors, and warnings about sources of this repository; what libraries are warned about is theirs."""
    location = error.get("sourceLocation") or {}
    return error["severity"] == "error" or not str(location.get("file", "")).startswith("@")  # type: ignore[attr-defined]


def run_solc(job: dict[str, object]) -> dict[str, object]:
    node = shutil.which("node", path=sysconfig.get_path("scripts")) or shutil.which("node")
    if node is None or not (MODULES / "solc").exists():
        sys.exit("The compiler is not installed. Run scripts/compile, which installs it.")
    done = subprocess.run([node, "-e", SOLC], input=json.dumps(job), cwd=HERE, capture_output=True, text=True, check=True)
    result: dict[str, object] = json.loads(done.stdout[done.stdout.index("{") :])
    return result


def to_artifact(source: str, contracts: dict[str, dict[str, object]]) -> Artifact:
    name = Path(source).stem
    output = contracts[name]
    evm: dict[str, dict[str, object]] = output["evm"]  # type: ignore[assignment]
    version = json.loads((MODULES / "solc" / "package.json").read_text())["version"]
    return {
        "contractName": name,
        "sourceName": source,
        "abi": output["abi"],
        "bytecode": f"0x{evm['bytecode']['object']}",
        "deployedBytecode": f"0x{evm['deployedBytecode']['object']}",
        "immutableReferences": sorted_references(evm["deployedBytecode"].get("immutableReferences", {})),
        "compiler": {"name": "solc", "version": version, "settings": SETTINGS},
        "sourceDigest": source_digest(source),
    }


def sorted_references(references: object) -> list[dict[str, int]]:
    """Every place in the deployed code that holds an immutable's value: start and length in bytes, ascending.

    The compiler keys them by a number that depends on what else is compiled, so the key is left out.
    """
    assert isinstance(references, dict)
    return sorted((place for places in references.values() for place in places), key=lambda place: place["start"])


def source_digest(source: str) -> str:
    """SHA-256, in hex, over name and content of the contract's own sources and the settings."""
    digest = hashlib.sha256(json.dumps(SETTINGS, sort_keys=True).encode())
    for name in sorted(name for name in closure(source, own=True)):
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
    if not imported.startswith("."):
        return imported
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), imported))


def read(name: str) -> str:
    return ((MODULES if name.startswith("@") else HERE) / name).read_text()


if __name__ == "__main__":
    sys.exit(main())
