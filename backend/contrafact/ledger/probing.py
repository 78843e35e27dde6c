"""One node as it is, asked without the repetitions and the patience of `Connection`: what checks measure."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contrafact.ledger.endpoints import Endpoint, EndpointFailure

_LONGEST = 200  # characters of a node's own words


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the result, or what was wrong; and how many seconds it took."""

    result: Any
    error: str
    seconds: float


class Probe:
    """Questions to one endpoint, of which none raises. Thread-safe."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.place = endpoint.place
        self._endpoint = endpoint
        self._ids = itertools.count(1)

    def ask(self, method: str, *parameters: Any) -> Answer:
        """The answer to one request."""
        content, error, seconds = self._post(self._request(method, parameters))
        if error:
            return Answer(None, error, seconds)
        if isinstance(content, dict) and "result" in content and not content.get("error"):
            return Answer(content["result"], "", seconds)
        return Answer(None, _words(content), seconds)

    def ask_together(self, calls: Sequence[tuple[str, list[Any]]]) -> Answer:
        """The answers to a batch, as a list."""
        content, error, seconds = self._post([self._request(method, parameters) for method, parameters in calls])
        if error:
            return Answer(None, error, seconds)
        if isinstance(content, list) and len(content) == len(calls) and all("result" in one for one in content):
            return Answer(content, "", seconds)
        return Answer(None, _words(content), seconds)

    def _request(self, method: str, parameters: Sequence[Any]) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(parameters)}

    def _post(self, body: Any) -> tuple[Any, str, float]:
        begun, content, error = time.monotonic(), None, ""
        try:
            content = json.loads(self._endpoint.post(json.dumps(body).encode()))
        except EndpointFailure as failure:
            error = failure.reason
        except ValueError:
            error = "no JSON"
        return content, error, time.monotonic() - begun


def _words(content: Any) -> str:
    """What the node says of why it refuses."""
    error = content.get("error") if isinstance(content, dict) else None
    text = error.get("message") if isinstance(error, dict) else error
    return str(text or "not answered in the form of JSON-RPC")[:_LONGEST]
