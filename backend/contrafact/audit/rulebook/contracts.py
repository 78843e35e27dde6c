"""Rules of the contracts themselves."""

from __future__ import annotations

from contrafact.audit.rule import Promise, Rule
from contrafact.audit.rulebook.commands import call, recipe

RULES = (
    Rule(
        "code.published",
        "The contracts are the published ones, wired to each other",
        Promise.CODE,
        recipe(
            "$ cast code CONTRACT --block BLOCK --rpc-url RPC | cast keccak",
            "Compile the contracts (scripts/compile) and compare with deployedBytecode of contracts/artifacts,",
            "leaving out the places of immutables. At those stand the addresses of this deployment:",
            call("ESCROW", "catalogue()(address)"),
            call("ESCROW", "desk()(address)"),
            "All at once:",
            "$ contrafact deploy check --deployment DEPLOYMENT --rpc-url RPC",
        ),
    ),
    Rule(
        "code.domain",
        "Orders are signed for the audited escrow",
        Promise.SIGNED,
        recipe(
            call("ESCROW", "eip712Domain()(bytes1,string,string,uint256,address,bytes32,uint256[])"),
            "Name Contrafact, version 1, the chain's id, and the escrow's own address.",
        ),
    ),
)
