"""What is true of every operation: one form of errors, ids, headers, limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import anyio
import pytest
from fastapi import APIRouter, HTTPException
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from contrafact import errors
from contrafact.web.app import create_app
from contrafact.web.configuration import Limits
from contrafact.web.errors import STATUS, status_of
from contrafact.web.middleware.bodies import BodyLimit
from contrafact.web.services import Services

from .visiting import URL

_JSON = {"Content-Type": "application/json"}
_TEXT = {"Content-Type": "text/plain"}


def _client(services: Services, more: tuple[APIRouter, ...] = (), **changes: object) -> TestClient:
    settings = dataclasses.replace(services.settings, **changes)  # type: ignore[arg-type]
    app = create_app(dataclasses.replace(services, settings=settings), more)
    return TestClient(app, URL, raise_server_exceptions=False)


def test_every_kind_of_error_has_a_status() -> None:
    kinds = [errors.ContrafactError, *errors.ContrafactError.__subclasses__()]
    assert [kind for kind in kinds[1:] if status_of(kind("it failed")) == 500] == []
    assert {status for status in STATUS.values() if status >= 500} == {502, 503}


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code", "places"),
    [
        ("GET", "/v1/nothing", {}, 404, "not_found", None),
        ("PUT", "/v1/auth/nonce", {}, 405, "method_not_allowed", None),
        ("POST", "/v1/auth/nonce", {"content": b"{}", "headers": _TEXT}, 415, "unsupported_media", None),
        ("POST", "/v1/auth/nonce", {"json": {}}, 422, "invalid_input", ["body.address"]),
        ("POST", "/v1/auth/nonce", {"json": {"address": "0x1"}}, 422, "invalid_input", ["body.address"]),
        ("POST", "/v1/auth/nonce", {"content": b"[" * 200_000, "headers": _JSON}, 422, "invalid_input", None),
        ("POST", "/v1/auth/nonce", {"content": b"\xff", "headers": _JSON}, 422, "invalid_input", None),
        ("POST", "/v1/auth/nonce", {"content": b"1" * 300_000}, 413, "too_large", None),
        ("GET", "/v1/auth/session", {}, 401, "not_signed_in", None),
    ],
)  # fmt: skip
def test_errors_have_one_form(
    client: TestClient,
    method: str,
    path: str,
    sent: dict[str, object],
    status: int,
    code: str,
    places: list[str] | None,
) -> None:
    answer = client.request(method, path, **sent)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert set(answer.json()) - {"fields"} == {"code", "message", "hint"}
    found = answer.json().get("fields")
    assert found == places if places is None else [one["at"] for one in found] == places
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_mistyped_address_is_named_with_a_code_of_its_own(client: TestClient) -> None:
    address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267"
    (field,) = client.post("/v1/auth/nonce", json={"address": address}).json()["fields"]
    assert (field["at"], field["code"]) == ("body.address", "mistyped_address")
    assert "checksum" in field["message"]


def test_an_error_stays_short_however_long_the_names_of_a_request(client: TestClient) -> None:
    sent = {letter * 50_000: 0 for letter in "abcde"}
    answer = client.post("/v1/auth/nonce", json=sent)
    assert (answer.status_code, len(answer.json()["fields"])) == (422, 5)
    assert len(answer.content) < 5_000


def test_a_body_that_hides_its_length_is_cut_off(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(1000):
            yield b"1" * 1000

    answer = client.post("/v1/auth/nonce", content=endless(), headers=_JSON)
    assert answer.status_code == 413


def test_what_nobody_expected_says_no_more_than_an_id_that_is_in_the_log(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    router = APIRouter()

    @router.get("/broken")
    def broken() -> None:
        raise RuntimeError("the password is 1234")

    answer = _client(services, (router,)).get("/broken", headers={"X-Request-ID": "from-the-client"})
    assert answer.status_code == 500
    assert "1234" not in answer.text
    assert "from-the-client" in answer.json()["hint"]
    assert answer.headers["X-Request-ID"] == "from-the-client"
    assert "from-the-client" in caplog.text
    assert "1234" in caplog.text


def test_request_ids_that_could_forge_a_log_are_replaced(client: TestClient) -> None:
    answer = client.get("/v1/auth/session", headers={"X-Request-ID": "a b\tc-forged"})
    assert answer.headers["X-Request-ID"].isalnum()


def test_a_client_that_asks_too_often_is_told_to_wait(services: Services) -> None:
    client = _client(services, limits=Limits(reads_per_minute=2))
    answers = [client.get("/v1/auth/session") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert client.get("/assets/base.css").status_code == 200
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert answers[2].json()["code"] == "too_many_requests"
    assert client.post("/v1/auth/nonce", json={}).status_code == 422  # another class of operation


def test_pages_of_other_origins_are_answered_where_the_settings_say_so(services: Services, client: TestClient) -> None:
    origin = {"Origin": "https://pages.example"}
    assert "Access-Control-Allow-Origin" not in client.get("/v1/auth/session", headers=origin).headers
    allowing = _client(services, cors_origins=("https://pages.example",))
    answer = allowing.get("/v1/auth/session", headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://pages.example"


def test_a_store_of_counts_that_is_none_is_refused(services: Services) -> None:
    with pytest.raises(errors.InvalidInput):
        _client(services, limits=Limits(counted_in="nothing://"))


def test_a_public_url_that_is_none_is_refused(services: Services) -> None:
    with pytest.raises(errors.InvalidInput):
        _client(services, public_url="api.example")


def test_a_network_of_ipv6_is_one_client(services: Services) -> None:
    app = create_app(dataclasses.replace(services, settings=dataclasses.replace(services.settings, limits=Limits(2))))
    hosts = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::3", "2001:db8:1:3::1", "::ffff:192.0.2.7"]
    answers = [TestClient(app, URL, client=(host, 1)).get("/v1/auth/session").status_code for host in hosts]
    assert answers == [401, 401, 429, 401, 401]


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    async def never() -> Message:
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError(message)

    limited = BodyLimit(reading, allowed=lambda path: 0, seconds=0.01)
    with pytest.raises(HTTPException) as refused:
        anyio.run(limited, {"type": "http", "path": "/", "headers": []}, never, send)
    assert refused.value.status_code == 408


@pytest.mark.parametrize(
    ("home", "path", "there"),
    [
        ("http://127.0.0.1:8600", "http://localhost:8600/verify?text=a%26b", "http://127.0.0.1:8600/verify?text=a%26b"),
        ("http://localhost:8600", "http://[::1]:8600/docs", "http://localhost:8600/docs"),
        ("http://127.0.0.1:8600", "http://127.0.0.1:8600/docs", None),
        ("http://localhost", "http://127.0.0.1:8600/docs", None),  # a proxy on this machine: it would go round for ever
        ("https://music.example", "http://127.0.0.1:8600/docs", None),
        ("http://127.0.0.1:8600", "http://music.example:8600/docs", None),
        ("http://127.0.0.1:8600", "http://localhost:8600/v1/openapi.json", None),
        ("http://127.0.0.1:8600", "http://localhost:8600/assets/base.css", None),
    ],
)
def test_pages_by_another_name_of_this_machine_lead_to_the_public_url(
    services: Services, home: str, path: str, there: str | None
) -> None:
    answer = _client(services, public_url=home).get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("Location")) == (307 if there else 200, there)


@pytest.mark.parametrize("host", ["[", "[::1", "a]b", "", "localhost:99999999", "x@[::1"])
def test_a_host_that_is_none_breaks_no_page(services: Services, host: str) -> None:
    client = _client(services, public_url="http://127.0.0.1:8600")
    assert client.get("/verify", headers={"Host": host}).status_code == 200
    assert client.post("/v1/relay/orders", json={}, headers={"Host": host}).status_code == 422
