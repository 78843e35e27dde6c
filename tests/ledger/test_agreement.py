"""Several nodes that must serve the same chain."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contrafact.errors import ChainError
from contrafact.ledger.connection import Connection
from contrafact.ledger.policy import Policy
from hardhat_free_devnet import Devnet
from tests.clients.anvil import Anvil

from .proxy import dead_url, proxy


def test_nodes_of_one_chain_agree(node: Devnet) -> None:
    with proxy(node.url, lambda request: None) as other:
        assert Connection.open(f"{node.url},{other}", policy=Policy(agree=True)).chain_id == node.chain_id


def test_nodes_that_disagree_about_a_block_are_both_named(start_anvil: Callable[..., Anvil]) -> None:
    """Two chains of one chain id: their first blocks have other times, thus other hashes."""
    one, other = start_anvil("--timestamp", "1700000000"), start_anvil("--timestamp", "1700000001")
    urls = f"{one.url}/?key=s3cr3t,{other.url}/?key=s3cr3t"
    with pytest.raises(ChainError, match="disagree about the hash of block 0") as caught:
        Connection.open(urls, policy=Policy(agree=True))
    assert one.url in str(caught.value)
    assert other.url in str(caught.value)
    assert "s3cr3t" not in str(caught.value)
    Connection.open(urls)


def test_nodes_of_two_chains_disagree(start_anvil: Callable[..., Anvil]) -> None:
    one, other = start_anvil(), start_anvil("--chain-id", "4242")
    with pytest.raises(ChainError, match=r"disagree about the chain's id: .* says 31337, .* says 4242"):
        Connection.open(f"{one.url},{other.url}", policy=Policy(agree=True))


def test_one_node_alone_cannot_agree(node: Devnet) -> None:
    with pytest.raises(ChainError, match="none that it could agree with"):
        Connection.open(node.url, policy=Policy(agree=True))


def test_node_that_cannot_be_asked_does_not_agree(node: Devnet) -> None:
    with pytest.raises(ChainError, match="cannot be reached"):
        Connection.open(f"{node.url},{dead_url()}", policy=Policy(agree=True))
