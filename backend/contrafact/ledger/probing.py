"""A node's JSON-RPC endpoint as it is, without the retries and the patience of `Connection`: what checks measure."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import requests

from contrafact.errors import ChainError
from contrafact.ledger.connection import place


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the result, or what was wrong; and how many seconds it took."""

    result: Any
    error: str
    seconds: float
    refused: bool = False
    """The node answers, but does not want to answer this."""


class Probe:
    """One URL. Thread-safe. A URL may hold an API key: errors name scheme, host and port only."""

    def __init__(self, url: str, request_seconds: float = 20.0) -> None:
        self._url, self._seconds = url, request_seconds
        self._ids = itertools.count(1)
        self.place = place(url)
        if not url.startswith(("http://", "https://")):
            raise ChainError("The RPC URL must start with http:// or https://.", "Give a node's JSON-RPC URL.")

    def ask(self, method: str, *parameters: Any) -> Answer:
        """The answer to one request. Never raises."""
        return self._post(self._request(method, parameters))

    def ask_together(self, calls: Sequence[tuple[str, list[Any]]]) -> Answer:
        """The answer to a batch: the results, as far as the answer is one to a batch."""
        answer = self._post([self._request(method, parameters) for method, parameters in calls])
        if answer.error or not isinstance(answer.result, list) or len(answer.result) != len(calls):
            return Answer(None, answer.error or "no list of answers", answer.seconds, refused=True)
        return answer

    def _request(self, method: str, parameters: Sequence[Any]) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(parameters)}

    def _post(self, body: Any) -> Answer:
        begun = time.monotonic()
        try:
            response = requests.post(self._url, json=body, timeout=self._seconds)
            content = response.json() if response.content else {}
        except requests.exceptions.JSONDecodeError:
            return Answer(None, f"HTTP {response.status_code}, no JSON", time.monotonic() - begun, refused=True)
        except requests.RequestException as error:
            return Answer(None, type(error).__name__, time.monotonic() - begun)
        return _parsed(response.status_code, content, time.monotonic() - begun)


def _parsed(status: int, content: Any, seconds: float) -> Answer:
    if status == requests.codes.too_many_requests:
        return Answer(None, "too many requests (HTTP 429)", seconds, refused=True)
    if isinstance(content, list):
        return Answer(content, "", seconds)
    error = content.get("error") if isinstance(content, dict) else "no answer in the form of JSON-RPC"
    if error or "result" not in content:
        text = error.get("message") if isinstance(error, dict) else error
        return Answer(None, str(text or f"HTTP {status}")[:200], seconds, refused=True)
    return Answer(content["result"], "", seconds)
