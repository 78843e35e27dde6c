"""Nodes that lie to an auditor: a proxy before a real one, which changes what it answers."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from eth_utils.abi import event_abi_to_log_topic

from contrafact.ledger.artifacts import load
from contrafact.wiring import Site
from tests.ledger.proxy import proxy

Logs = Callable[[list[Any]], list[Any]]


def topics(*events: str) -> set[str]:
    """The first topics of these events of the catalogue and the escrow."""
    abi = [*load("Catalogue").abi, *load("GenerationEscrow").abi]
    found = [entry for entry in abi if entry["type"] == "event" and entry["name"] in events]
    return {"0x" + event_abi_to_log_topic(entry).hex() for entry in found}


def without(logs: list[Any], *events: str) -> list[Any]:
    """The logs but those of these events."""
    gone = topics(*events)
    return [log for log in logs if log["topics"][0] not in gone]


@contextmanager
def lying(site: Site, logs: Logs) -> Iterator[Site]:
    """The site as who asks a node sees it that gives out other `logs` than there are."""
    url = site.settings.rpc_url

    def answer(request: dict[str, Any]) -> bytes | None:
        if request["method"] != "eth_getLogs":
            return None
        forwarded = urllib.request.Request(url, json.dumps(request).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(forwarded) as response:
            given = json.load(response)
        return json.dumps({**given, "result": logs(given["result"])}).encode()

    with proxy(url, answer) as elsewhere:
        seen = Site(site.settings.model_copy(update={"rpc_url": elsewhere}))
        seen.generator, seen.renderer = site.generator, site.renderer
        yield seen
        seen.close()
