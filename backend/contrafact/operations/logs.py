"""Logs as lines of JSON, or for people at a terminal. Everything that libraries log goes the same way.

What belongs to a request or an order is bound to it: `with about(order_id=…)` puts it into each line below.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, TextIO

import structlog
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.typing import EventDict, Processor

from contrafact.operations.redaction import redactor
from contrafact.settings import Settings

_CHATTY = ("urllib3", "web3", "websockets", "asyncio", "alembic", "httpx", "httpcore", "matplotlib", "numba")
"""Libraries that tell of every call below warnings; they speak at `debug` only."""


def configure(settings: Settings, known: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Sends the process's logs to `stream` (standard error). `known` are secrets that no line may hold."""
    out = stream or sys.stderr
    shared: list[Processor] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(out)
    handler.setFormatter(_formatter(shared, known, as_json=_as_json(settings, out)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    _quieten(debugging=settings.log_level == "debug")
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def about(**values: Any) -> AbstractContextManager[None]:
    """Binds values, as `order_id` and `request_id`, to every line that this thread or task logs in the block."""
    return bound_contextvars(**values)


def _as_json(settings: Settings, out: TextIO) -> bool:
    return settings.log_format == "json" or (settings.log_format == "auto" and not out.isatty())


def _formatter(shared: list[Processor], known: Iterable[str], *, as_json: bool) -> logging.Formatter:
    """Tracebacks become text before secrets are looked for, so that none hides in one."""
    last: list[Processor] = (
        [structlog.processors.format_exc_info, redactor(known), structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [structlog.processors.format_exc_info, redactor(known), structlog.dev.ConsoleRenderer(colors=False)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _without_colours, *last],
    )


def _quieten(*, debugging: bool) -> None:
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET if debugging else logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):  # theirs go our way, too
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _without_colours(_: Any, __: str, event: EventDict) -> EventDict:
    """uvicorn gives its messages twice, the second time with a terminal's control sequences."""
    event.pop("color_message", None)
    return event
