"""The page of an order as it is served: what is public stands in it, whatever state the order is in."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient

from contrafact.domain.digests import from_hex
from contrafact.domain.job_state import JobState, JobStatus
from contrafact.web.pages.order.standing import steps

from .house import House, finished, maker, sign_in
from .test_orders import REFUSED

LATER = 3 * 24 * 3600


def page(client: TestClient, order: str, status: int = 200, **headers: str) -> str:
    """The page's text, without its tags."""
    answer = client.get(f"/orders/{order}", headers=headers)
    assert answer.status_code == status, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
