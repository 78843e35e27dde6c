"""Asking all steps in their order, whatever asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .steps import Step

Answers = dict[str, Any]
ACCOUNT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
SETTLE_POLLS = 500
Ask = Callable[[str, list[Any]], Answers]


def loop(steps: list[Step], ask: Ask, typed: Callable[..., Any], look: Ask | None = None) -> list[Answers]:
    """The answers to all steps. `look` looks for receipts in between, where `ask` shall not."""
    saved: dict[str, Any] = {}
    at_once = True

    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [filled(item) for item in value]
        if isinstance(value, dict):
            return {name: filled(item) for name, item in value.items()}
        return saved.get(value, value) if isinstance(value, str) else value

    answers = []
    for step in steps:
        given = filled(step["params"])
        answer = ask(step["method"], given)
        if name := step.get("save"):
            result = answer.get("result")
            saved[name] = result["hash"] if isinstance(result, dict) else result
        if step.get("plain") and (found := typed(step["method"], given)) is not None:
            answer["typed"] = found
        answers.append(answer)
        if step["method"].endswith("_setAutomine"):
            at_once = given[0]
        if at_once and "send" in step["method"] and isinstance(answer.get("result"), str):
            _settle(look or ask, answer["result"])
    return answers


def _settle(ask: Ask, sent: str) -> None:
    """Gives a node that answers before its block is there the time to make it."""
    for _ in range(SETTLE_POLLS):
        if ask("eth_getTransactionReceipt", [sent]).get("result"):
            return
        time.sleep(0.01)


def plain(provider: Any, method: str, params: list[Any]) -> Answers:
    """A raw request through a provider of web3.py: its result, or its error code."""
    answer = provider.make_request(method, params)
    return {"error": answer["error"]["code"]} if "error" in answer else {"result": answer["result"]}
