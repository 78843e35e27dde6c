"""Why answers of the two nodes differ: for a method and a difference, each a pattern, one sentence."""

from __future__ import annotations

import re

_SETTERS = r"(anvil|hardhat|evm)_(set|reset|impersonate|stopImpersonating|dropTransaction)\w*"
_MISSING = (
    r"net_peerCount|eth_mining|rpc_modules|evm_setAccount(Balance|Code|StorageAt)|hardhat_setPrevRandao|"
    r"hardhat_(set|remove)BlockTimestampInterval|txpool_contentFrom"
)
_ONE_OF_TWO = r"\.(error|result) only (ours|theirs)"

_TABLE: list[tuple[str, str, str]] = [
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
        "The error has another code. Devnet has -32000 for all that the chain refuses, as geth has; Anvil tells "
        "rejected transactions (-32003), unknown blocks and accounts (-32602) and exceptions of the EVM (-32603) apart.",
    ),
    (r"eth_protocolVersion", r".*", "A hex string, as it once was in geth; a number in Anvil. Nobody should need it."),
    (r"eth_getBalance", _ONE_OF_TWO, "Devnet takes the latest block where none is named, Anvil asks for it."),
    (
        r"eth_getBlockByNumber",
        r".*\.(hash|nonce|blockHash|blockNumber|transactionIndex|blockTimestamp)\b.*",
        "A pending block has no hash and nonce, and its transactions no block, as in geth; Anvil shows the block that "
        "it would make.",
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
    ),
    (r"eth_getLogs", _ONE_OF_TWO, "A range that ends before it begins is an error, as in geth; empty in Anvil."),
    (
        r"eth_gasPrice|eth_maxPriorityFeePerGas",
        r".*result.*: .*",
        "Each node suggests fees by its own rule: devnet always a tip of 1 gwei, Anvil from past tips.",
    ),
    (r"eth_feeHistory", r".*", "For no blocks at all: devnet's answer is empty but for the next base fee."),
    (
        r"eth_getTransactionByHash|eth_getBlockByNumber",
        r".*\.gasPrice: .*",
        "The `gasPrice` of a waiting transaction is the most that it offers, as in geth; in Anvil what it would pay now.",
    ),
    (
        r"eth_sendTransaction|eth_getBlockByNumber|eth_getBlockReceipts",
        r".*(\.(r|s|transactionHash)|result|transactions\[0\]): .*",
        "A transaction of an impersonated account has a made-up signature, another in each node, and so another hash.",
    ),
    (
        r"eth_new\w*Filter|(evm|anvil)_snapshot|web3_clientVersion",
        r".*result: .*",
        "A name or an id of the node's own.",
    ),
    (r"evm_revert", r"\.result: false \| true", "Snapshots count from 1, as in Hardhat; from 0 in Anvil."),
    (r"evm_mine", _ONE_OF_TWO, "Several blocks at once (`{blocks}`), as in Ganache, are not known to Anvil."),
    (
        r"anvil_getAutomine",
        r".*",
        "After `evm_setIntervalMining` with 0 devnet makes blocks at once as before, as Hardhat does; Anvil none.",
    ),
    (r"eth_getFilterChanges", r".*result\[\d+\]: .*", "Hashes of blocks, which were made at other times."),
]
_RULES = [(re.compile(method), re.compile(difference), text) for method, difference, text in _TABLE]


def explained(method: str, difference: str) -> str | None:
    """The sentence for one difference between answers; None where there is none yet."""
    matching = (
        text for wanted, pattern, text in _RULES if wanted.fullmatch(method) and pattern.fullmatch(difference)
    )
    return next(matching, None)
