"""Verification over HTTP: anybody may ask, and nothing is kept; and the pages that ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.api.visiting import URL

from .finds import Finds

pytestmark = pytest.mark.slow


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, URL, raise_server_exceptions=False)


def test_anybody_can_have_a_file_verified_and_nothing_of_it_is_kept(
    finds: Finds, client: TestClient, app: FastAPI
) -> None:
    answer = client.post("/v1/verify", content=finds.certified(), headers={"Content-Type": "text/plain"})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["verdict"], found["order"]["id"]) == ("certified", finds.order)
    paid = [row["paid"]["units"] for row in found["order"]["sources"]]
    assert paid == [row["settled"]["units"] for row in found["order"]["sources"]]
    assert found["order"]["committed_at"].endswith("Z")
    home: Path = app.state.services.settings.home
    assert list((home / "uploads").iterdir()) == []
    record = client.get(f"/v1/records/{found['order']['record']}")
    assert record.status_code == 200


def test_what_is_no_audio_and_what_is_too_large_is_refused(client: TestClient) -> None:
    refused = client.post("/v1/verify", content=b"<html>")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    assert client.post("/v1/verify", content=bytes(5 << 20)).status_code == 413
    assert client.post("/v1/verify", content=b"").status_code == 422


def test_the_root_leads_to_what_there_is(client: TestClient) -> None:
    home = client.get("/")
    assert home.headers["Content-Type"].startswith("text/html")
    for path in ("/verify", "/docs", "/v1/openapi.json", "/assets/base.css", "/assets/verify/verify.js"):
        assert client.get(path).status_code == 200, path
    assert {f'href="{path}"' for path in ("/verify", "/docs", "/v1/openapi.json")} <= set(home.text.split()) | {
        part.rstrip(">") for part in home.text.replace(">", "> ").split()
    }
    assert "/v1/verify" in client.get("/docs").text
    assert client.get("/assets/../serving.py").status_code == 404
    assert client.get("/assets/serving.py").status_code == 404


def test_pages_may_load_nothing_from_elsewhere_and_run_nothing_inline(client: TestClient) -> None:
    for path in ("/", "/verify", "/docs"):
        page = client.get(path)
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        head = page.text.split("<main")[0].replace('data-origin="https://api.example"', "")  # its own
        assert "://" not in head
        assert page.headers["X-Frame-Options"] == "DENY"
