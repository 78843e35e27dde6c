"""Sign-in with Ethereum: whose signature, of which message, once."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from contrafact.web.services import Services
from tests.ledger.contract_wallet import ContractWallet
from tests.ledger.scene import Scene

from .visiting import URL, Clock, nonce_message, sign_in, signed


def test_a_wallet_signs_in_and_out(client: TestClient, scene: Scene) -> None:
    bearer = sign_in(client, scene.keys["maker"])
    answer = client.get("/v1/auth/session", headers=bearer)
    assert answer.json()["wallet"] == scene.address("maker")
    assert client.delete("/v1/auth/session", headers=bearer).status_code == 204
    assert client.get("/v1/auth/session", headers=bearer).status_code == 401


def test_a_message_signs_in_once(client: TestClient, scene: Scene) -> None:
    body = signed(scene.keys["maker"], nonce_message(client, scene.address("maker")))
    assert client.post("/v1/auth/sessions", json=body).status_code == 201
    assert client.post("/v1/auth/sessions", json=body).status_code == 401


def test_anothers_signature_is_refused_and_uses_up_the_nonce(client: TestClient, scene: Scene) -> None:
    message = nonce_message(client, scene.address("maker"))
    assert client.post("/v1/auth/sessions", json=signed(scene.keys["stranger"], message)).status_code == 401
    assert client.post("/v1/auth/sessions", json=signed(scene.keys["maker"], message)).status_code == 401


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (r"api\.example wants", "evil.example wants"),
        (r"URI: https://api\.example", "URI: https://api.example.evil.example"),
        (r"Chain ID: \d+", "Chain ID: 1"),
        (r"\nExpiration Time: .*", ""),
        (r"Nonce: .*", "Nonce: 12345678abcd"),
        (r"Issued At: 20", "Issued At: 29"),
    ],
)
def test_a_message_for_elsewhere_or_for_ever_is_refused(client: TestClient, scene: Scene, found: str, put: str) -> None:
    message, changes = re.subn(found, put, nonce_message(client, scene.address("maker")))
    assert changes == 1
    assert client.post("/v1/auth/sessions", json=signed(scene.keys["maker"], message)).status_code == 401


def test_a_message_grows_old(client: TestClient, scene: Scene, clock: Clock) -> None:
    body = signed(scene.keys["maker"], nonce_message(client, scene.address("maker")))
    clock.passed = 301
    assert client.post("/v1/auth/sessions", json=body).status_code == 401


@pytest.mark.parametrize("signature", ["0x00", "0x" + "00" * 65, "0x" + "ff" * 65, "0x" + "12" * 500])
def test_what_is_no_signature_is_refused(client: TestClient, scene: Scene, signature: str) -> None:
    body = {"message": nonce_message(client, scene.address("maker")), "signature": signature}
    assert client.post("/v1/auth/sessions", json=body).status_code == 401


@pytest.mark.parametrize("message", ["", "hello", "\x00", "a wants you to sign in with your Ethereum account:\n0x12"])
def test_what_is_no_message_is_refused(client: TestClient, message: str) -> None:
    answer = client.post("/v1/auth/sessions", json={"message": message, "signature": "0x00"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_input"


def test_a_contract_wallet_signs_in_by_what_the_chain_says(client: TestClient, scene: Scene) -> None:
    wallet = ContractWallet(scene.connection, scene.keys["maker"])
    message = nonce_message(client, wallet.address)
    assert client.post("/v1/auth/sessions", json=signed(scene.keys["maker"], message)).status_code == 201
    message = nonce_message(client, wallet.address)
    assert client.post("/v1/auth/sessions", json=signed(scene.keys["stranger"], message)).status_code == 401


def test_a_session_ends_by_itself(client: TestClient, scene: Scene, clock: Clock) -> None:
    bearer = sign_in(client, scene.keys["maker"])
    clock.passed = 24 * 3600 + 1
    assert client.get("/v1/auth/session", headers=bearer).status_code == 401


def test_a_token_of_no_session_is_told_from_no_token(client: TestClient) -> None:
    unknown = client.get("/v1/auth/session", headers={"Authorization": "Bearer none"})
    assert (unknown.status_code, "its session has ended" in unknown.json()["message"]) == (401, True)
    assert client.get("/v1/auth/session").json()["message"] == "Nobody is signed in."


def test_a_wallet_has_ten_sessions_and_the_oldest_goes(client: TestClient, scene: Scene, clock: Clock) -> None:
    bearers = []
    for _ in range(11):
        bearers.append(sign_in(client, scene.keys["maker"]))
        clock.passed += 1
    found = [client.get("/v1/auth/session", headers=bearer).status_code for bearer in bearers]
    assert found == [401] + [200] * 10


def test_tokens_are_not_in_the_database(client: TestClient, scene: Scene, services: Services) -> None:
    token = sign_in(client, scene.keys["maker"])["Authorization"].removeprefix("Bearer ")
    with services.database.reading() as db:
        rows = db.connection().exec_driver_sql("SELECT * FROM web_sessions").all()
    assert rows
    assert token not in repr(rows)


def test_a_cookie_reads_and_changes_something_from_our_own_pages_only(client: TestClient, scene: Scene) -> None:
    body = signed(scene.keys["maker"], nonce_message(client, scene.address("maker")))
    cookie = client.post("/v1/auth/sessions", json=body).headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Secure"))
    assert client.get("/v1/auth/session").status_code == 200
    embedded = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "audio"}
    assert client.get("/v1/auth/session", headers=embedded).status_code == 401
    assert client.get("/v1/auth/session", headers=embedded | {"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert client.get("/v1/auth/session", headers=embedded | {"Sec-Fetch-Mode": "navigate"}).status_code == 200
    assert client.delete("/v1/auth/session").status_code == 403
    assert client.delete("/v1/auth/session", headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.delete("/v1/auth/session", headers={"Origin": URL}).status_code == 204


@pytest.mark.parametrize(
    "text",
    [
        "a" * 4096,
        "a wants you to sign in with your Ethereum account:\n0x" + "0" * 40 + "\n\n\nURI: " + "a" * 4000,
        "api.example wants you to sign in with your Ethereum account:\n" + "- https://a/b\n" * 290,
    ],
)
def test_no_message_keeps_the_parser_busy(client: TestClient, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    def parser(message: str) -> None:
        raise AssertionError("it takes seconds for such a text, and everybody waits")

    monkeypatch.setattr("contrafact.web.auth.messages.SiweMessage.from_message", parser)
    answer = client.post("/v1/auth/sessions", json={"message": text, "signature": "0x00"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_input"
