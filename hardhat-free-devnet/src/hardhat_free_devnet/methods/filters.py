"""Polling filters."""

from __future__ import annotations

from typing import Any

from ..logs import find_logs
from ..node import Node
from ..registry import method
from ..requests import Logs, Text
from ..views import Json


@method("eth_newFilter")
def new_filter(node: Node, wanted: Logs) -> str:
    return node.filters.watch_logs(wanted)


@method("eth_newBlockFilter")
def new_block_filter(node: Node) -> str:
    return node.filters.watch_blocks()


@method("eth_newPendingTransactionFilter")
def new_pending_transaction_filter(node: Node) -> str:
    return node.filters.watch_pending()


@method("eth_getFilterChanges")
def get_filter_changes(node: Node, filter_id: Text) -> list[Any]:
    return node.filters.changes(filter_id)


@method("eth_getFilterLogs")
def get_filter_logs(node: Node, filter_id: Text) -> list[Json]:
    return find_logs(node.chain, node.filters.wanted_logs(filter_id), node.limits.log_blocks)


@method("eth_uninstallFilter")
def uninstall_filter(node: Node, filter_id: Text) -> bool:
    return node.filters.uninstall(filter_id)
