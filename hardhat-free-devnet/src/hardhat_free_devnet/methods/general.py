"""About the node itself: `web3_*`, `net_*`, and the chain's name and height."""

from __future__ import annotations

import sys

from eth_utils.crypto import keccak

from ..evm import FORK
from ..hexes import data, quantity
from ..node import Node
from ..registry import method
from ..requests import Data
from ..version import __version__


@method("web3_clientVersion")
def client_version(node: Node) -> str:
    python = ".".join(str(part) for part in sys.version_info[:3])
    return f"hardhat-free-devnet/v{__version__}/{FORK}/{sys.platform}/python{python}"


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
