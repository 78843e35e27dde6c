"""Visitors of the API: wallets that sign in, and the services that they meet."""

from __future__ import annotations

import time
from typing import Any, cast

from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from fastapi.testclient import TestClient

from contrafact.domain.job_state import JobState
from contrafact.domain.money import Currency
from contrafact.ports import ContentStore
from contrafact.store.database import Database
from contrafact.web.configuration import Limits, WebSettings
from contrafact.web.services import Services
from tests.ledger.scene import Scene
from tests.ledger.wallet import preparer_of

URL = "https://api.example"


class Clock:
    """The time, which a test may let pass."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return time.time() + self.passed


class FakeJobs(dict[bytes, JobState]):
    """Jobs as a test says that they stand."""


def fake_services(scene: Scene, database: Database, store: ContentStore, clock: Clock, **changes: Any) -> Services:
    """Services on the scene's chain, without an operator's desk."""
    given: dict[str, Any] = {
        "read_model": None,
        "ledger": scene.reader,
        "store": store,
        "published": store,
        "database": database,
        "jobs": FakeJobs(),
        "settings": WebSettings(URL, limits=Limits(*[10**6] * 4)),
        "preparer": preparer_of(scene),
        "token": scene.dollar,
        "currency": lambda token: Currency("USD", 6),
        "derive": lambda data, media_type: data,
        "clock": clock,
    }
    return Services(**{**given, **changes})


def nonce_message(client: TestClient, address: str) -> str:
    answer = client.post("/v1/auth/nonce", json={"address": address})
    assert answer.status_code == 201, answer.text
    return cast(str, answer.json()["message"])


def signed(key: LocalAccount, message: str) -> dict[str, str]:
    return {"message": message, "signature": "0x" + key.sign_message(encode_defunct(text=message)).signature.hex()}


def sign_in(client: TestClient, key: LocalAccount) -> dict[str, str]:
    """Signs the wallet in; the headers that say so."""
    answer = client.post("/v1/auth/sessions", json=signed(key, nonce_message(client, key.address)))
    assert answer.status_code == 201, answer.text
    client.cookies.clear()
    return {"Authorization": f"Bearer {answer.json()['token']}"}
