"""Compiles mutants: our contracts with one dishonest line, against which the audit is tested.

A mutant is what a cheat would deploy in the place of the published contract, with the same interface. It is
written down as a replacement in the contract's source, so that it stays a mutant of the current one. Run this
after a contract has changed; `stale()` says without a compiler whether that is due.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import compile as compiler  # noqa: E402


@dataclass(frozen=True)
class Mutant:
    """`contract` in which, in `file`, what each pattern matches is replaced (as by `re.sub`)."""

    contract: str
    file: str
    changes: dict[str, str]

    def source(self, name: str) -> str:
        """The source `name` as this mutant has it. Raises ValueError where there is not one place to change."""
        text = compiler.read(name)
        for pattern, replacement in self.changes.items() if name == self.file else ():
            text, count = re.subn(pattern, replacement, text)
            if count != 1:
                raise ValueError(f"{pattern!r} matches {count} times in {name}")
        return text

    def digest(self) -> str:
        """SHA-256, in hex, over the settings and all sources of this repository, as mutated."""
        digest = hashlib.sha256(json.dumps(compiler.SETTINGS, sort_keys=True).encode())
        for name in sorted(compiler.closure(f"{self.contract}.sol", own=True)):
            digest.update(f"\0{name}\0{self.source(name)}".encode())
        return digest.hexdigest()


ESCROW, VAULT = "GenerationEscrow.sol", "RoyaltyVault.sol"
CLAIM = r"(Push\.unbounded\(claim_\.account\.token, claim_\.leaf\.holder, )amount\)"
PAYOUT = r"Push\.bounded\(token, holder, amount\)"
FIRST_SHORT = "amount - (claim_.leaf.index == 0 ? 1 : 0))"
FEE = r"(_pay\(orderId, quote\.token, quote\.operator, quote\.operatorFee)\)"

MUTANTS = {
    # The first holder of every split is sent one unit less than the event says; the contract keeps it.
    "KeepingEscrow": Mutant(
        "GenerationEscrow", VAULT, {CLAIM: rf"\1{FIRST_SHORT}", PAYOUT: f"Push.bounded(token, holder, {FIRST_SHORT}"}
    ),
    # The same unit goes to whoever sends the payout, so that the contract's balance looks right.
    "SkimmingEscrow": Mutant(
        "GenerationEscrow",
        VAULT,
        {
            PAYOUT: f"Push.bounded(token, holder, {FIRST_SHORT}"
            " && (claim_.leaf.index != 0 || Push.bounded(token, msg.sender, 1))"
        },
    ),
    # The whole payout of the first holder goes to its sender.
    "DivertingEscrow": Mutant(
        "GenerationEscrow",
        VAULT,
        {PAYOUT: "Push.bounded(token, claim_.leaf.index == 0 ? msg.sender : holder, amount)"},
    ),
    # The first holder is paid, and told, one unit less than is theirs, and can never claim it.
    "ForgettingEscrow": Mutant(
        "GenerationEscrow",
        VAULT,
        {
            r"(function _draw\([^)]*\) private {\n)": r"\1"
            "        if (claim_.leaf.index == 0) (_drawn[id][0], amount) = (_drawn[id][0] + 1, amount - 1);\n",
            r"(function _announce\([^)]*\) private {\n)": r"\1"
            "        if (claim_.leaf.index == 0) amount -= 1;\n",
            PAYOUT: f"Push.bounded(token, holder, {FIRST_SHORT}",
        },
    ),
    # Settling credits the first source one unit less, and the operator gets it beyond its fee.
    "ShortCreditEscrow": Mutant(
        "GenerationEscrow",
        ESCROW,
        {r"(_credit\(orderId, source\.workId, .*, )amount\);": r"\1amount - (i == 0 ? 1 : 0));", FEE: r"\1 + 1)"},
    ),
    # The event says what was due; one unit less is written down as received, and the sender of the commit gets it.
    "FalseCreditEscrow": Mutant(
        "GenerationEscrow",
        VAULT,
        {
            r"(\.received \+= )amount\.toUint128\(\);": r"\1(amount - 1).toUint128();",
            r"(emit Credited\(.*\);\n)": r"\1        _pay(orderId, token, msg.sender, 1);\n",
        },
    ),
    # The maker gets one unit less back than the event says, and the operator has it.
    "ShortChangeEscrow": Mutant(
        "GenerationEscrow",
        ESCROW,
        {FEE: r"\1 + 1)", r"(_pay\(orderId, quote\.token, quote\.maker, rest)\)": r"\1 - 1)"},
    ),
    # A refund after the deadline keeps one unit, whatever its event says.
    "ShortRefundEscrow": Mutant(
        "GenerationEscrow", ESCROW, {r"(_pay\(orderId, quote\.token, quote\.maker, escrowed)\)": r"\1 - 1)"}
    ),
    # Permits everything, opted-out works included, at any price.
    "LaxLicensing": Mutant(
        "Licensing",
        "Licensing.sol",
        {r"(for \(uint256 i)(; i < sources\.length; \+\+i\) {[^}]*_requirePinned\()": r"\1 = sources.length\2"},
    ),
}


def path_of(name: str) -> Path:
    return HERE / "artifacts" / f"{name}.json"


def stale() -> list[str]:
    """Mutants whose committed artifact is not of the current sources."""
    return [name for name, mutant in MUTANTS.items() if _recorded_digest(name) != mutant.digest()]


def _recorded_digest(name: str) -> str | None:
    path = path_of(name)
    return json.loads(path.read_text())["sourceDigest"] if path.exists() else None


def build(name: str) -> dict[str, object]:
    """Compiles one mutant. Exits with the compiler's messages when it does not compile."""
    mutant = MUTANTS[name]
    source = f"{mutant.contract}.sol"
    sources = {part: {"content": mutant.source(part)} for part in sorted(compiler.closure(source))}
    wanted = {source: {mutant.contract: ["evm.bytecode.object"]}}
    settings = {**compiler.SETTINGS, "outputSelection": wanted}
    output = compiler.run_solc({"language": "Solidity", "sources": sources, "settings": settings})
    if errors := [error["formattedMessage"] for error in output.get("errors", []) if error["severity"] == "error"]:
        sys.exit("\n".join(errors))
    code = output["contracts"][source][mutant.contract]["evm"]["bytecode"]["object"]
    return {"contractName": name, "mutantOf": mutant.contract, "bytecode": f"0x{code}", "sourceDigest": mutant.digest()}


def main() -> None:
    for name in stale():
        path_of(name).write_text(json.dumps(build(name), indent=1, sort_keys=True) + "\n")
        print(path_of(name).relative_to(HERE.parent.parent))


if __name__ == "__main__":
    main()
