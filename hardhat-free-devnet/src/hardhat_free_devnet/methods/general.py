"""About the node itself: `web3_*`, `net_*`, and the chain's name and height."""

from __future__ import annotations

import sys

from eth_utils.crypto import keccak

from ..evm import FORK, base_fee
from ..fees import gas_price
from ..hexes import data, quantity
from ..node import Node
from ..registry import METHODS, method
from ..requests import Data
from ..version import __version__
from ..views import Json

PROTOCOL = 65  # the last number before it was replaced by a version for each pair of peers


@method("web3_clientVersion")
def client_version(node: Node) -> str:
    python = ".".join(str(part) for part in sys.version_info[:3])
    return f"hardhat-free-devnet/v{__version__}/{FORK}/{sys.platform}/python{python}"


@method("hardhat_metadata", "anvil_metadata")
def metadata(node: Node) -> Json:
    """What deployment tools ask to recognise a development node, and one chain on it among others."""
    return {
        "clientVersion": client_version(node),
        "chainId": node.chain.chain_id,
        "instanceId": data(node.history.instance),
        "latestBlockNumber": node.chain.head.block_number,
        "latestBlockHash": data(node.chain.head.hash),
    }


@method("anvil_nodeInfo")
def node_info(node: Node) -> Json:
    head, following = node.chain.head, node.chain.pending_header()
    return {
        "currentBlockNumber": quantity(head.block_number),
        "currentBlockTimestamp": head.timestamp,
        "currentBlockHash": data(head.hash),
        "hardFork": FORK.capitalize(),
        "transactionOrder": "fees",
        "environment": {
            "baseFee": quantity(base_fee(following)),
            "chainId": node.chain.chain_id,
            "gasLimit": quantity(following.gas_limit),
            "gasPrice": quantity(gas_price(node.chain)),
        },
        "forkConfig": {"forkUrl": None, "forkBlockNumber": None, "forkRetryBackoff": None},
    }


@method("web3_sha3")
def sha3(node: Node, message: Data) -> str:
    return data(keccak(message))


@method("net_version")
def net_version(node: Node) -> str:
    return str(node.chain.chain_id)


@method("net_listening")
def net_listening(node: Node) -> bool:
    return True


@method("net_peerCount")
def net_peer_count(node: Node) -> str:
    return quantity(0)


@method("eth_chainId")
def chain_id(node: Node) -> str:
    return quantity(node.chain.chain_id)


@method("eth_syncing")
def syncing(node: Node) -> bool:
    return False


@method("eth_blockNumber")
def block_number(node: Node) -> str:
    return quantity(node.chain.head.block_number)


@method("eth_coinbase")
def coinbase(node: Node) -> str:
    return data(node.chain.next_block.coinbase)


@method("eth_protocolVersion")
def protocol_version(node: Node) -> str:
    return quantity(PROTOCOL)


@method("eth_mining")
def mining(node: Node) -> bool:
    return node.miner.automine or node.miner.interval is not None


@method("rpc_modules")
def modules(node: Node) -> dict[str, str]:
    return {name.split("_")[0]: "1.0" for name in METHODS}
