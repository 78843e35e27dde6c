"""Why answers of the two nodes differ: one sentence for patterns of method, difference and, at times, parameters."""

from __future__ import annotations

import re

_SETTERS = r"(anvil|hardhat|evm)_(set|reset|impersonate|stopImpersonating|dropTransaction)\w*"
_MISSING = (
    r"net_peerCount|eth_mining|rpc_modules|evm_setAccount(Balance|Code|StorageAt)|hardhat_setPrevRandao|"
    r"hardhat_(set|remove)BlockTimestampInterval|txpool_contentFrom"
)
_ONE_OF_TWO = r"\.(error|result) only (ours|theirs)"

_TABLE: list[tuple[str, ...]] = [
    (_MISSING, _ONE_OF_TWO, "Anvil does not have the method."),
    (
        r"evm_setTime|(evm|anvil)_increaseTime",
        r"\.result: -?\d+ \| -?\d+",
        "Both answer with an offset in seconds, from clocks that were started differently here.",
    ),
    (
        _SETTERS,
        r'\.result: (true|false|"0x[0-9a-f]+") \| (null|"0x[0-9a-f]+")',
        "Devnet answers as Hardhat does (`true`, or the time that was set); Anvil with nothing, or the transaction.",
    ),
    (
        r".*",
        r"(\.error|\.typed\.error): -32\d+ \| -32\d+",
        "The error has another code. Devnet has -32000 for all that the chain refuses, as geth has; Anvil tells apart "
        "rejected transactions (-32003), unknown blocks and accounts (-32602), and what it cannot execute or sign "
        "(-32603).",
    ),
    (
        r"(hardhat|anvil)_metadata|anvil_nodeInfo",
        r"\.(typed|result)\.(client(Version|Semver|CommitSha)|instanceId|forkedNetwork|snapshots|latestBlockHash|"
        r"currentBlock(Hash|Timestamp)|environment\.(baseFee|gasPrice))\b.*",
        "Each node says of itself what it is; Anvil also names its build, what it forks, and its snapshots.",
    ),
    (r"eth_protocolVersion", r".*", "A hex string, as it once was in geth; a number in Anvil. Nobody should need it."),
    (
        r"eth_getBalance",
        _ONE_OF_TWO,
        "Devnet takes the latest block where none is named, Anvil asks for it.",
        r'\["0x\w+"\]',
    ),
    (
        r"eth_getBlockByNumber",
        r".*\.(hash|nonce|blockHash|blockNumber|transactionIndex|blockTimestamp)\b.*",
        "A pending block has no hash and nonce, as in geth, and its transactions no block; Anvil shows the block that "
        "it would make.",
        r'\["pending", \w+\]',
    ),
    (
        r"eth_getBlockReceipts|eth_getTransactionReceipt|eth_sendRawTransactionSync",
        r".*\.(blobGasPrice|blockTimestamp)\b.*",
        "Anvil's receipts have `blobGasPrice` and `blockTimestamp` always; devnet's, as geth's, have no blobs.",
    ),
    (
        r"eth_estimateGas",
        r'.*result: "?\w+"? \| "?\w+"?',
        "Both gas limits suffice; devnet stops searching within 1.5 % of the least.",
    ),
    (
        r"eth_estimateGas",
        r"(\.typed)?" + _ONE_OF_TWO,
        "Devnet refuses to estimate a payment that its sender cannot make, as geth does.",
        r".*0xabab.*value.*",
    ),
    (
        r"eth_getLogs",
        _ONE_OF_TWO,
        "A range that ends before it begins is an error, as in geth; empty in Anvil.",
        r".*0x2.*0x1.*",
    ),
    (
        r"eth_gasPrice|eth_maxPriorityFeePerGas",
        r".*result.*: .*",
        "Each node suggests fees by its own rule: devnet always a tip of 1 gwei, Anvil from past tips.",
    ),
    (
        r"eth_feeHistory",
        r".*",
        "For no blocks at all: devnet's answer is empty but for the next base fee.",
        r'\["0x0", .*',
    ),
    (
        r"eth_getTransactionByHash|eth_getBlockByNumber",
        r".*\.gasPrice: .*",
        "The `gasPrice` of a waiting transaction is the most it offers, as in geth; in Anvil what it would pay now.",
    ),
    (
        r"eth_getBlockByNumber|eth_getBlockReceipts",
        r".*(\.(r|s|transactionHash)|\.transactions\[0\]): .*",
        "A transaction of an impersonated account has a made-up signature, another in each node, and so another hash.",
        r'\["latest".*',
    ),
    (
        r"eth_sendTransaction",
        r"\.result: .*",
        "A transaction of an impersonated account has a made-up signature, another in each node, and so another hash.",
        r".*0xabab.*",
    ),
    (
        r"eth_new\w*Filter|(evm|anvil)_snapshot|web3_clientVersion",
        r".*result: .*",
        "A name or an id of the node's own.",
    ),
    (
        r"evm_revert",
        r"\.result: false \| true",
        "Snapshots count from 1, as in Hardhat; from 0 in Anvil.",
        r'\["0x0"\]',
    ),
    (
        r"evm_mine",
        _ONE_OF_TWO,
        "Several blocks at once (`{blocks}`), as in Ganache, are not known to Anvil.",
        r".*blocks.*",
    ),
    (
        r"anvil_getAutomine",
        r".*",
        "After `evm_setIntervalMining` with 0 devnet makes blocks at once as before, as Hardhat does; Anvil none.",
    ),
    (
        r"eth_getFilterChanges",
        r".*result\[\d+\]: .*",
        "Hashes of blocks, which were made at other times.",
        r'\["\$blocks"\]',
    ),
]
_RULES = [
    tuple(re.compile(part) for part in (method, difference, *parameters))
    for method, difference, _, *parameters in _TABLE
]


def explained(method: str, parameters: str, difference: str) -> str | None:
    """The sentence for one difference between answers; None where there is none yet. `parameters` are JSON."""
    given = (method, difference, parameters)
    for (_, _, text, *_rest), patterns in zip(_TABLE, _RULES, strict=True):
        if all(pattern.fullmatch(part) for pattern, part in zip(patterns, given, strict=False)):
            return text
    return None
