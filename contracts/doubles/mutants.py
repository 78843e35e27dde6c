"""Compiles mutants: our contracts with one dishonest or forgotten line. Audit and fuzzer are tested against them.

A cheat's mutant is what it would deploy in the place of the published contract, with the same interface; a fault's is
what the contract would be had its author made a mistake. Each is written down as a replacement in the contract's
sources, so that it stays a mutant of the current one. All are kept in one file. Run this after a contract has changed;
`stale()` says without a compiler whether that is due.
"""

# ruff: noqa: E501 — patterns stay in one piece
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

Changes = dict[str, dict[str, str]]
ARTIFACTS = HERE / "artifacts" / "mutants.json"


@dataclass(frozen=True)
class Mutant:
    """`contract` in which, by file, what each pattern matches is replaced (as by `re.sub`)."""

    contract: str
    changes: Changes

    def source(self, name: str) -> str:
        """The source `name` as this mutant has it. Raises ValueError where there is not one place to change."""
        text = compiler.read(name)
        for pattern, replacement in self.changes.get(name, {}).items():
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


ESCROW, ORDERS, BOOK = "GenerationEscrow.sol", "libraries/Orders.sol", "escrow/OrderBook.sol"
VAULT, ACCOUNTS, PAYMENTS = "escrow/RoyaltyVault.sol", "escrow/RoyaltyAccounts.sol", "escrow/Payments.sol"
OPERATORS, FINISHED, LICENSING = "escrow/OperatorRegistry.sol", "escrow/FinishedOrders.sol", "catalogue/Licensing.sol"
CHALLENGES, CONTESTS = "disputes/CommitChallenges.sol", "disputes/WorkContests.sol"
CONSENT, MODELS, PROOFS = "disputes/TrainingConsent.sol", "catalogue/ModelRegistry.sol", "catalogue/ConsentProofs.sol"
POOL, QUEUE = "TrainingPool.sol", "libraries/HoldQueue.sol"
CLAIM = r"(_send\(claim_\.account\.token, payee, )amount\)"
PAYOUT = r"Push\.bounded\(token, payee, amount\)"
FIRST_SHORT = "amount - (claim_.leaf.index == 0 ? 1 : 0))"
FEE = r"(_pay\(orderId, token, operator, fee)\)"
CREDIT = r"(_credit\(orderId, source\.workId, source\.splitRoot, token, )amount\);"


def escrow(changes: Changes) -> Mutant:
    return Mutant("GenerationEscrow", changes)


CHEATS = {
    # The first holder of every split is sent one unit less than the event says; the contract keeps it.
    "KeepingEscrow": escrow({VAULT: {CLAIM: rf"\1{FIRST_SHORT}", PAYOUT: f"Push.bounded(token, payee, {FIRST_SHORT}"}}),
    # The same unit goes to whoever sends the payout, so that the contract's balance looks right.
    "SkimmingEscrow": escrow(
        {
            VAULT: {
                PAYOUT: f"Push.bounded(token, payee, {FIRST_SHORT}"
                " && (claim_.leaf.index != 0 || Push.bounded(token, msg.sender, 1))"
            }
        }
    ),
    # The whole payout of the first holder goes to its sender.
    "DivertingEscrow": escrow({VAULT: {PAYOUT: "Push.bounded(token, index == 0 ? msg.sender : payee, amount)"}}),
    # The first holder is paid, and told, one unit less than is theirs, and can never claim it.
    "ForgettingEscrow": escrow(
        {
            VAULT: {
                r"( +)(emit Paid\(id, payee, claim_\.leaf\.index, amount\);)": r"\1if (claim_.leaf.index == 0) amount -= 1;\n\1\2",
                r"( +)(paid = Push\.bounded\()": r"\1if (index == 0) amount -= 1;\n\1\2",
            }
        }
    ),
    # Settling credits the first source one unit less, and the operator gets it beyond its fee.
    "ShortCreditEscrow": escrow({ESCROW: {CREDIT: r"\1amount - (i == 0 ? 1 : 0));", FEE: r"\1 + 1)"}}),
    # The event says what was due; one unit less is written down as received, and the sender of the commit gets it.
    "FalseCreditEscrow": escrow(
        {
            ACCOUNTS: {r"(bytes32 id = _add\(beneficiary, splitRoot, token, )amount\)": r"\1amount - 1)"},
            ESCROW: {CREDIT: r"\1amount);\n            if (amount != 0) _pay(orderId, token, msg.sender, 1);"},
        }
    ),
    # The maker gets one unit less back than the event says, and the operator has it.
    "ShortChangeEscrow": escrow(
        {ESCROW: {FEE: r"\1 + 1)", r"(_pay\(orderId, token, deal\.maker, rest)\)": r"\1 - 1)"}}
    ),
    # A refund after the deadline keeps one unit, whatever its event says.
    "ShortRefundEscrow": escrow(
        {ESCROW: {r"(_pay\(deal\.orderId, deal\.token, deal\.maker, deal\.escrowed \+ penalty)\)": r"\1 - 1)"}}
    ),
    # Permits everything, opted-out works included, at any price.
    "LaxCatalogue": Mutant(
        "Catalogue", {"Catalogue.sol": {r"_requireSourcesPermitted\(quote, count, terms, grants\);": "count;"}}
    ),
}

FAULTS = {
    # Orders
    "SharesOffByOne": escrow(
        {ORDERS: {r"if \(sum != PPM\) (revert IOrderErrors\.Orders_SharesDo)": r"if (sum != PPM && sum != PPM + 1) \1"}}
    ),
    "LowestShareIgnored": escrow({ORDERS: {r"if \(share < lowest\)": "if (false)"}}),
    "RefundTwice": escrow({ESCROW: {r"_setRefunded\(deal\.orderId\);": ""}}),
    "RefundAfterCommit": escrow(
        {
            ESCROW: {
                r"(external nonReentrant \{\n +)(_requireFunded\(deal\);)": r"\1if (statusOf(deal.orderId) != Status.Committed) \2"
            }
        }
    ),
    "RefundASecondEarly": escrow({ESCROW: {r"block\.timestamp <= deadline": "block.timestamp < deadline"}}),
    "CommitAfterDeadline": escrow({ESCROW: {r"if \(block\.timestamp > deadline\)": "if (false)"}}),
    "PenaltyToSender": escrow(
        {
            ESCROW: {
                r"_pay\(deal\.orderId, deal\.token, deal\.maker, deal\.escrowed \+ penalty\);": (
                    "_pay(deal.orderId, deal.token, deal.maker, deal.escrowed);"
                    " _pay(deal.orderId, deal.token, msg.sender, penalty);"
                )
            }
        }
    ),
    "SaltNotBound": escrow({BOOK: {r"keccak256\(deal, 0xc0\)": "keccak256(add(deal, 0x40), 0x80)"}}),
    "UseNotBound": escrow(
        {BOOK: {r"abi\.encode\(dealHash, _hash\(commit_\), use\)": "abi.encode(dealHash, _hash(commit_))"}}
    ),
    "OrderNotSigned": escrow(
        {ESCROW: {r"if \(!Signatures\.isValid\(maker, signed, makerSignature\)\)": "if (signed == 0)"}}
    ),
    "MalleableSignatures": escrow(
        {
            "libraries/Signatures.sol": {
                r"ECDSA\.RecoverError failure;\n": "",
                r"\(recovered, failure,\) = ECDSA\.tryRecoverCalldata\(digest, signature\);": (
                    "if (signature.length != 65) return address(0);"
                    " recovered = ecrecover(digest, uint8(signature[64]), bytes32(signature[:32]),"
                    " bytes32(signature[32:64]));"
                ),
                r"if \(failure != ECDSA\.RecoverError\.NoError\) return address\(0\);": "",
            }
        }
    ),
    # Bonds
    "BondCoversTwice": escrow({OPERATORS: {r"if \(amount > free \|\|": "if (amount > bond.amount ||"}}),
    "BondUnlockedTwice": escrow(
        {OPERATORS: {r"bond\.locked - uint128\(locked\)\)": "uint128(uint256(bond.locked).saturatingSub(2 * locked)))"}}
    ),
    "RulingTakesCover": escrow({OPERATORS: {r"Math\.min\(locked, challengeableOf\(operator, token\)\)": "locked"}}),
    # Finished orders
    "RaisedForNothing": escrow({FINISHED: {r"_collect\(deal\.token, msg\.sender, paid\);": ""}}),
    "RevenueRoundedUp": escrow(
        {
            FINISHED: {
                r"amount \* Orders\.shareOf\(commit_, source, i\) \* source\.downstream\(\) /": (
                    "(amount * Orders.shareOf(commit_, source, i) * source.downstream() + PPM * PPM - 1) /"
                )
            }
        }
    ),
    # Holders
    "DrawnIgnored": escrow(
        {VAULT: {r"earned > drawn \? earned - drawn : 0": "drawn == type(uint256).max ? 0 : earned"}}
    ),
    "HeldIgnored": escrow(
        {
            ACCOUNTS: {
                r"return totals\.received - _held\(id, beneficiary, totals\);": "return beneficiary == 0 ? 0 : totals.received;"
            }
        }
    ),
    "UnconfirmedPaidOut": escrow(
        {VAULT: {r"place\.status == PlaceStatus\.Unconfirmed \|\| amount == 0": "amount == 0"}}
    ),
    "ThresholdIgnored": escrow({VAULT: {r" \|\| amount < _threshold\[payee\]\[token\]": ""}}),
    "SumNotChecked": escrow({"libraries/MerkleSum.sol": {r" && sum == whole": ""}}),
    "AwardedTwice": escrow({ACCOUNTS: {r"_totals\[id\]\.received -= moved\.toUint128\(\);": ""}}),
    "OwedForEver": escrow({PAYMENTS: {r"delete _owed\[to\]\[token\];": ""}}),
    "OwedReentered": escrow(
        {
            PAYMENTS: {
                r"(function withdrawOwed\(address token, address to\) external) nonReentrant": r"\1",
                r"delete _owed\[to\]\[token\];\n": "",
                r"(_send\(token, to, amount\);)(\n    \}\n\n    /// @inheritdoc)": r"\1 delete _owed[to][token];\2",
            }
        }
    ),
    # Works
    "StaleTerms": Mutant(
        "Catalogue", {LICENSING: {r"if \(version != work\.version\(\)\)": "if (version > work.version())"}}
    ),
    "ContestedAccepted": Mutant("Catalogue", {LICENSING: {r"if \(work\.isDisputed\(\)\)": "if (false)"}}),
    "AnyOperator": Mutant("Catalogue", {LICENSING: {r"if \(!listed\) (revert Licensing_Operator)": r"if (false) \1"}}),
    # Disputes
    "AwardFromBefore": escrow({ACCOUNTS: {r"Math\.min\(release\.cap, release\.own\)": "uint256(release.cap)"}}),
    "HeldByTheNext": escrow({ACCOUNTS: {r"Math\.min\(left, release\.others\)": "left"}}),
    "AwardsNotReplayed": Mutant("DisputeDesk", {QUEUE: {r"if \(moved > award\.start\)": "if (false)"}}),
    "AwardsForgotten": Mutant("DisputeDesk", {CONTESTS: {r"queue\.take\(start, awarded\.toUint128\(\)\);": ""}}),
    "BondTakenBackTwice": Mutant(
        "DisputeDesk", {CHALLENGES: {r"delete _joined\[orderId\]\[number\]\[challenger\];": ""}}
    ),
    "RejectedPaidBack": Mutant(
        "DisputeDesk",
        {CHALLENGES: {r"return outcome == Outcome\.Upheld \|\| outcome": "return outcome != Outcome.Open || outcome"}},
    ),
    # Consents to training
    "AnsweredForNothing": Mutant(
        "DisputeDesk",
        {CONSENT: {r"_inquiries\[consentId\] = Inquiry\(question\.who, 0, ConsentStatus\.Answered\);": ""}},
    ),
    "AnsweredLate": Mutant(
        "DisputeDesk", {CONSENT: {r"if \(block\.timestamp > question\.answerUntil\)": "if (false)"}}
    ),
    "QuestionCutShort": Mutant(
        "DisputeDesk", {CONSENT: {r"if \(block\.timestamp <= question\.answerUntil\)": "if (false)"}}
    ),
    "FinedTwice": Mutant("DisputeDesk", {CONSENT: {r"_fined\[consentId\]\[operator\]\[token\] = true;": ""}}),
    "FinderTakesAll": Mutant("DisputeDesk", {CONSENT: {r"fine \* FINDER_PART / PPM": "fine"}}),
    "FinedForNothing": Mutant(
        "DisputeDesk",
        {CONSENT: {r"if \(inquiry\.status != ConsentStatus\.Missing\)": "if (inquiry.who == address(0))"}},
    ),
    "LeavingEscapesTheFine": Mutant("DisputeDesk", {CONSENT: {r" \+ leaving\)": " + leaving * 0)"}}),
    "AnyLeaf": Mutant(
        "Catalogue",
        {
            MODELS: {
                r"if \(!MerkleProof\.verifyCalldata\(manifestProof, _manifests\[modelId\], leaf\)\)": "if (leaf == 0)"
            }
        },
    ),
    "StoppedModelSells": Mutant("Catalogue", {MODELS: {r"offer\.sunset = uint40\(block\.timestamp\);": ""}}),
    "ForetoldIsConsent": Mutant("Catalogue", {PROOFS: {r"uint40\(licence\) > registered \|\| ": ""}}),
    "OptOutIsConsent": Mutant(
        "Catalogue", {PROOFS: {r" \|\| !_lasts\(_since\(workId, version \+ 1\), registered\)": ""}}
    ),
    # The training pool, and lost holders
    "EpochClaimedTwice": Mutant("TrainingPool", {POOL: {r"epoch_\.claimed\.set\(leaf\.index\);": ""}}),
    "EpochSumNotChecked": Mutant("TrainingPool", {"libraries/MerkleSum.sol": {r" && sum == whole": ""}}),
    "PotKeptByTheEpoch": Mutant("TrainingPool", {POOL: {r"pot\.amount = inPot - taken;": ""}}),
    "ClaimedIsCarried": Mutant("TrainingPool", {POOL: {r"epoch_\.left -= amount;": ""}}),
    "BatchClaimsTwice": Mutant(
        "TrainingPool",
        {POOL: {r"if \(isClaimed\(c\.modelId, c\.token, c\.epoch, c\.leaf\.index\)\) continue;": ""}},
    ),
    "RecoveredAtOnce": Mutant(
        "HolderRecovery", {"HolderRecovery.sol": {r"if \(block\.timestamp < change\.readyAt\)": "if (false)"}}
    ),
    "AwardReaddressed": Mutant(
        "HolderRecovery",
        {"HolderRecovery.sol": {r"if \(IRoyaltyAccounts\(address\(vault\)\)\.isAwarded\(id\)\)": "if (false)"}},
    ),
    "FormerLicensorReaddresses": Mutant(
        "HolderRecovery",
        {"HolderRecovery.sol": {r"_requireLicensor\(claim_\.account\.beneficiary, started\.licensor\);": ""}},
    ),
}

MUTANTS = {**CHEATS, **FAULTS}


def stale() -> list[str]:
    """Mutants whose committed artifact is not of the current sources."""
    recorded = artifacts()
    return [name for name, mutant in MUTANTS.items() if recorded.get(name, {}).get("sourceDigest") != mutant.digest()]


def artifacts() -> dict[str, dict[str, str]]:
    """What is committed: by name `{mutantOf, bytecode, sourceDigest}`."""
    return json.loads(ARTIFACTS.read_text()) if ARTIFACTS.exists() else {}


def build(name: str) -> dict[str, str]:
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
    return {"mutantOf": mutant.contract, "bytecode": f"0x{code}", "sourceDigest": mutant.digest()}


def main() -> None:
    for name in stale():
        kept = {known: built for known, built in artifacts().items() if known in MUTANTS}
        ARTIFACTS.write_text(json.dumps({**kept, name: build(name)}, indent=1, sort_keys=True) + "\n")
        print(name)


if __name__ == "__main__":
    main()
