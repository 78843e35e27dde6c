"""What the service logs is lines of JSON, and holds no secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from contrafact.operations.logs import about, configure
from contrafact.settings import Settings

KEY = "4c0883a69102937d6231471b5dbb6204fe512961708279feb1be6ae5538da033"


@pytest.fixture
def logged() -> Iterator[StringIO]:
    root = logging.getLogger()
    handlers, levels = (
        root.handlers[:],
        {name: logging.getLogger(name).level for name in [None, *root.manager.loggerDict]},
    )
    stream = StringIO()
    configure(Settings(log_format="json"), known=[f"0x{KEY}"], stream=stream)
    yield stream
    root.handlers[:] = handlers
    for name in [None, *root.manager.loggerDict]:
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
    structlog.reset_defaults()


def lines(stream: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_libraries_and_structlog_write_the_same_lines_with_what_is_bound(logged: StringIO) -> None:
    with about(request_id="r-1", order_id="0x12"):
        logging.getLogger("some.library").warning("disk %s", "full", extra={"free": 3})
        structlog.get_logger("ours").info("step", step="render")
    logging.getLogger("some.library").info("later")
    first, second, third = lines(logged)
    assert first.items() >= {"event": "disk full", "free": 3, "level": "warning", "order_id": "0x12"}.items()
    assert second.items() >= {"event": "step", "step": "render", "request_id": "r-1", "logger": "ours"}.items()
    assert "order_id" not in third
    assert third["timestamp"]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("signed with %s", {"argument": KEY}),
        ("the key was 0x%s", {"argument": KEY.upper()}),
        ("opened", {"operator_key_passphrase": KEY}),
        ("opened", {"settings": {"key_passphrase": "hunter2 hunter2", "private_key": b"\x01" * 32}}),
        ("headers: Authorization: Bearer abcdefgh.ijkl", {}),
        ("headers", {"headers": {"Cookie": "session=hunter2", "authorization": "Basic aHVudGVyMg=="}}),
        ("Secret: hunter2, and more", {}),
        ("could not reach https://me:hunter2@node.example:8545/", {}),
        ("", {"list": [{"mnemonic": "hunter2"}, "password=hunter2"]}),
        ("identity AGE-SECRET-KEY-1HUNTER2ABCDEF", {}),
    ],
)
def test_no_line_holds_a_secret(logged: StringIO, text: str, fields: dict[str, object]) -> None:
    argument = fields.pop("argument", None)
    logging.getLogger("x").warning(text, *([argument] if argument else []), extra=fields)
    said = logged.getvalue().lower()
    assert "[redacted]" in said
    for secret in (KEY, "hunter2", "abcdefgh", "ahvudgvy", "0101010101"):
        assert secret not in said


def test_a_traceback_holds_no_secret_either_and_what_is_public_stays(logged: StringIO) -> None:
    try:
        raise ValueError(f"cannot use 0x{KEY}")
    except ValueError:
        logging.getLogger("x").exception("failed", extra={"order_id": "0x" + "ab" * 32, "token": "0x" + "cd" * 20})
    (line,) = lines(logged)
    assert KEY not in logged.getvalue()
    assert "cannot use 0x[redacted]" in str(line["exception"])
    assert (line["order_id"], line["token"]) == ("0x" + "ab" * 32, "0x" + "cd" * 20)
