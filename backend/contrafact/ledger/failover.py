"""Failover: several endpoints as one provider. What fails is left alone for a while, and another is asked."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from contrafact import telemetry
from contrafact.ledger.endpoints import Endpoint, EndpointFailure

PATIENCE_SECONDS = 60.0  # how long one request waits for endpoints that want fewer requests, or are behind
TRIES = 2  # of each endpoint, where it cannot be reached
BACK_OFF, LONGEST_REST = 0.25, 60.0  # seconds; doubled with every failure in a row

_LIMIT = re.compile(
    r"too many request|rate.?limit|rate.{0,10}exceed|limit.{0,20}exceed|request limit|throttl|capacity|per second", re.I
)
_RANGE = re.compile(r"range|results|response size|logs|blocks", re.I)
_LACKING = re.compile(
    r"header not found|missing trie node|unknown block|block not found|state .{0,40}not available", re.I
)


class EndpointsFailed(ConnectionError):
    """No endpoint gave a usable answer: how each one failed, by its place."""

    def __init__(self, failures: Mapping[str, EndpointFailure]) -> None:
        super().__init__(", ".join(f"{place} ({failure.reason})" for place, failure in failures.items()))
        self.failures = failures


@dataclass
class _Known:
    """What is remembered of an endpoint."""

    endpoint: Endpoint
    rests_until: float = 0.0
    in_a_row: int = 0
    fits: bool = False
    failure: EndpointFailure | None = None

    def rest(self, failure: EndpointFailure) -> None:
        self.failure = failure
        self.in_a_row += 1
        back_off = min(BACK_OFF * 2 ** min(self.in_a_row, 16), LONGEST_REST)
        self.rests_until = time.monotonic() + (back_off if failure.retry_after is None else failure.retry_after)

    def recover(self) -> None:
        self.in_a_row, self.rests_until, self.failure = 0, 0.0, None

    @property
    def is_left_alone(self) -> bool:
        """Whether it wants fewer requests, and must not even be tried for want of another."""
        return self.failure is not None and self.failure.limited and self.rests_until > time.monotonic()


class FailoverProvider(JSONBaseProvider):
    """A provider for web3. Asks the first endpoint that is not resting, and the next ones where that fails.

    An endpoint that takes another's place must serve the same chain, and know the newest block that was seen, so
    that what is read does not go back in time. Raises EndpointsFailed.
    """

    def __init__(self, endpoints: Sequence[Endpoint], patience: float = PATIENCE_SECONDS) -> None:
        super().__init__()
        self.endpoints = endpoints
        self._all = [_Known(endpoint) for endpoint in endpoints]
        self._patience = patience
        self._last = self._all[0]
        self._newest, self._chain = 0, ""

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        end = time.monotonic() + self._patience
        failures: dict[str, EndpointFailure] = {}
        for tried in range(1, 1_000):
            for known in self._in_order():
                if known.failure is not None and known.is_left_alone:
                    failures[known.endpoint.place] = known.failure
                    continue
                try:
                    return self._ask(known, method, params)
                except EndpointFailure as failure:
                    telemetry.count("chain_request_failed", node=known.endpoint.place)
                    known.rest(failure)
                    failures[known.endpoint.place] = failure
            wait = self._wait(failures.values(), tried)
            if wait is None or time.monotonic() + wait > end:
                break
            time.sleep(wait)
        raise EndpointsFailed(failures)

    def ask_together(self, requests: Sequence[tuple[RPCEndpoint, Any]]) -> dict[int, Any]:
        """Several requests in one, tried once: the results that came, by the request's place.

        Raises EndpointFailure where the endpoint gives no answer, or takes no such requests. Its failure is not held
        against it: it may do well with single ones.
        """
        known = self._in_order()[0]
        if known.failure is not None and known.is_left_alone:
            raise known.failure
        self._require_fit(known)
        asked = [
            {"jsonrpc": "2.0", "id": place, "method": method, "params": params}
            for place, (method, params) in enumerate(requests)
        ]
        return _results(known.endpoint.post(json.dumps(asked).encode()), len(asked))

    def close(self) -> None:
        """Closes what is open to the endpoints."""
        for endpoint in self.endpoints:
            endpoint.close()

    def _in_order(self) -> list[_Known]:
        """Those that do not rest, as they were given; then those that do, the one whose rest ends first ahead."""
        now = time.monotonic()
        return sorted(self._all, key=lambda known: max(known.rests_until - now, 0.0))

    def _wait(self, failures: Iterable[EndpointFailure], tried: int) -> float | None:
        """How long to wait before all are asked again; None: not at all."""
        now = time.monotonic()
        if any(failure.limited or failure.behind for failure in failures):
            return max(0.05, min(known.rests_until for known in self._all) - now)
        if tried < TRIES and not all(failure.odd for failure in failures):
            return BACK_OFF
        return None

    def _ask(self, known: _Known, method: RPCEndpoint, params: Any) -> RPCResponse:
        self._require_fit(known)
        answer = self._post(known, method, params)
        self._remember(method, answer)
        known.recover()
        self._last = known
        return answer

    def _require_fit(self, known: _Known) -> None:
        if known is not self._last:
            self._require_same_chain(known)
            self._require_up_to_date(known)

    def _require_same_chain(self, known: _Known) -> None:
        if self._chain and not known.fits:
            found = self._post(known, RPCEndpoint("eth_chainId"), []).get("result")
            if found != self._chain:
                raise EndpointFailure("it serves another chain", odd=True)
            known.fits = True

    def _require_up_to_date(self, known: _Known) -> None:
        if not self._newest:
            return
        number = self._post(known, RPCEndpoint("eth_blockNumber"), []).get("result")
        if isinstance(number, str) and int(number, 16) < self._newest:
            raise EndpointFailure(f"behind, at block {int(number, 16)} of {self._newest}", behind=True)

    def _post(self, known: _Known, method: RPCEndpoint, params: Any) -> RPCResponse:
        answer = _decoded(known.endpoint.post(self.encode_rpc_request(method, params)))
        error = answer.get("error")
        if isinstance(error, dict):
            message = str(error.get("message", ""))
            if _is_limit(method, error.get("code"), message):
                raise EndpointFailure("it limits requests", limited=True)
            if len(self._all) > 1 and _LACKING.search(message):
                raise EndpointFailure("it lacks a block")
        return answer

    def _remember(self, method: RPCEndpoint, answer: RPCResponse) -> None:
        """The newest block that anybody was told of."""
        found: Any = answer.get("result")
        if method == "eth_getTransactionReceipt" and isinstance(found, Mapping):
            found = found.get("blockNumber")
        elif method == "eth_chainId":
            self._chain = self._chain or str(found)
            return
        elif method != "eth_blockNumber":
            return
        if isinstance(found, str) and found.startswith("0x"):
            self._newest = max(self._newest, int(found, 16))


def _decoded(body: bytes) -> RPCResponse:
    try:
        answer: Any = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not {"result", "error"} & answer.keys():
        raise EndpointFailure("no answer in JSON-RPC", odd=True)
    return answer  # type: ignore[return-value]


def _results(body: bytes, count: int) -> dict[int, Any]:
    """The results in the answer to a batch of `count` requests, by their ids."""
    try:
        answers: Any = json.loads(body)
    except ValueError:
        answers = None
    if not isinstance(answers, list):
        raise EndpointFailure("no batches")
    usable = [one for one in answers if isinstance(one, dict) and "result" in one and not one.get("error")]
    return {one["id"]: one["result"] for one in usable if isinstance(one.get("id"), int) and 0 <= one["id"] < count}


def _is_limit(method: str, code: object, message: str) -> bool:
    """Whether the node wants fewer requests. A range of logs that is too large is another matter, and a revert too."""
    if code == 3 or "revert" in message or "gas" in message:
        return False
    if method == "eth_getLogs" and (_RANGE.search(message) or message.strip().lower() == "limit exceeded"):
        return False
    return code == 429 or bool(_LIMIT.search(message))
