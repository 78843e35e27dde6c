"""What must be true of every operation, read from the OpenAPI document, so that a new one cannot be forgotten."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from contrafact.web.app import create_app
from contrafact.web.auth.sessions import COOKIE
from contrafact.web.export import exported
from contrafact.web.openapi import needs_session, operations
from contrafact.web.routing import KEY
from contrafact.web.services import Services
from tests.ledger.scene import Scene

from .visiting import sign_in

ROOT = Path(__file__).parents[2]
ANSWER_ONCE_BY_NONCE = {"createNonce", "createSession", "endSession"}
WITHOUT_SESSION = {"createNonce", "createSession", "previewQuote", "prepareFunding", "relayOrder", "verifyFile"}
"""Unsafe operations that anybody may call: they keep nothing, are signing in itself, or carry the maker's signature."""
KEEPS_NOTHING = {"verifyFile"}
"""Asked twice, they answer twice the same, and take no key that would keep their answer."""
PREPARED = "/v1/transactions/"
"""Below it, transactions are only put together: nothing is kept or sent."""
_UNSAFE = {"post", "put", "patch", "delete"}


@pytest.fixture
def app(services: Services) -> FastAPI:
    return create_app(services)


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def _call(client: TestClient, path: str, method: str, operation: dict[str, Any], headers: dict[str, str]) -> int:
    """Calls an operation with the examples of its document."""
    examples = {p["name"]: p["schema"].get("examples", [""])[0] for p in operation.get("parameters", [])}
    filled = re.sub(r"\{(\w+)(:path)?\}", lambda found: str(examples[found[1]]), path)
    content = operation.get("requestBody", {}).get("content", {})
    kind = next(iter(content), None)
    sent: dict[str, Any] = {"json": content[kind]["example"]} if kind == "application/json" else {}
    if kind and kind != "application/json":
        sent = {"content": b"x"}
        headers = {**headers, "Content-Type": kind}
    return client.request(method, filled, headers=headers, **sent).status_code


def test_operations_that_need_a_session_answer_nobody_else(
    app: FastAPI, document: dict[str, Any], scene: Scene
) -> None:
    asking = [row for row in operations(document) if needs_session(row[2])]
    assert {operation["operationId"] for _, _, operation in asking} >= {"createQuote", "uploadFile", "getSession"}
    with TestClient(app, "https://api.example", raise_server_exceptions=False) as client:
        over = sign_in(client, scene.keys["maker"])
        assert client.delete("/v1/auth/session", headers=over).status_code == 204
        for path, method, operation in asking:
            for headers in ({}, over, {"Authorization": "Bearer x"}, {"Cookie": f"{COOKIE}=x"}):
                assert _call(client, path, method, operation, headers) == 401, (path, method, headers)


def test_a_cookie_alone_changes_nothing_from_another_page(app: FastAPI, document: dict[str, Any], scene: Scene) -> None:
    with TestClient(app, "https://api.example", raise_server_exceptions=False) as client:
        token = sign_in(client, scene.keys["maker"])["Authorization"].removeprefix("Bearer ")
        for path, method, operation in operations(document):
            if method in _UNSAFE and needs_session(operation):
                headers = {"Cookie": f"{COOKIE}={token}", "Origin": "https://evil.example"}
                assert _call(client, path, method, operation, headers) == 403, (path, method)


def test_unsafe_operations_need_a_session_unless_they_are_known_not_to(document: dict[str, Any]) -> None:
    unsafe = [row for row in operations(document) if row[1] in _UNSAFE and not row[0].startswith(PREPARED)]
    assert {one["operationId"] for _, _, one in unsafe if not needs_session(one)} == WITHOUT_SESSION


def test_unsafe_operations_take_an_idempotency_key(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        if method not in _UNSAFE or path.startswith(PREPARED):
            continue
        if operation["operationId"] not in ANSWER_ONCE_BY_NONCE | KEEPS_NOTHING:
            assert KEY in [parameter["name"] for parameter in operation["parameters"]], operation["operationId"]
            assert {"403", "409"} <= set(operation["responses"]), operation["operationId"]


def test_operations_are_named_told_and_under_a_version(document: dict[str, Any]) -> None:
    rows = operations(document)
    names = [operation["operationId"] for _, _, operation in rows]
    assert len(set(names)) == len(names)
    known = {tag["name"] for tag in document["tags"]}
    for path, _, operation in rows:
        assert path.startswith("/v1/")
        assert operation["description"]
        assert set(operation["tags"]) <= known
        assert {"422", "429", "500", "503"} <= set(operation["responses"])


def test_every_body_has_an_example_that_fits_its_schema(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    for path, _, operation in operations(document):
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            for kind, content in body.get("content", {}).items():
                if kind != "application/json":
                    continue
                shown = content["example"]
                schema = {**content["schema"], "components": document["components"]}
                jsonschema.validate(shown, schema, cls=jsonschema.Draft202012Validator)
                assert shown is not None, path


def test_the_committed_document_is_the_apis() -> None:
    text = "Run ./scripts/openapi: docs/openapi.json is stale."
    assert (ROOT / "docs/openapi.json").read_text(encoding="utf-8") == exported(), text
