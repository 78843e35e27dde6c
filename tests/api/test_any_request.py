"""Requests of every kind, made up from the OpenAPI document: no answer is a crash, or one that is not documented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from contrafact.web.app import create_app

from .house import Founded, House, maker, sign_in
from .visiting import URL

pytestmark = pytest.mark.slow
"""Operations are fuzzed one after the other, each with few examples: the whole takes about half a minute."""

CHECKS: list[CheckFunction] = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def house(founded: Founded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with founded.house(tmp_path_factory.mktemp("any")) as house:
        yield house


@pytest.fixture(scope="module")
def operations(house: House) -> list[Any]:
    """All operations of the API, called by the maker of the town's orders."""
    app = create_app(house.services())
    with TestClient(app, URL) as client:
        headers = sign_in(client, maker())
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", app)
    schema.config.update(headers=headers)
    return [result.ok() for result in schema.get_all_operations()]


def test_no_request_crashes_or_surprises(house: House, operations: list[Any]) -> None:
    orders, seen = [house.founded.private, house.founded.commercial, house.founded.paid], Counter[int]()
    for operation, mode in product(operations, GenerationMode):
        known = st.sampled_from(orders) if "{order}" in operation.path else st.none()

        @given(case=operation.as_strategy(generation_mode=mode), order=known | st.none())
        @settings(
            max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
        )
        def call(case: schemathesis.Case, order: str | None) -> None:
            if order is not None:
                case.path_parameters["order"] = order
            seen[case.call_and_validate(checks=CHECKS).status_code] += 1

        try:
            call()
        except Unsatisfiable:  # an operation that nothing wrong can be sent to
            assert mode is GenerationMode.NEGATIVE
    assert {200, 201, 404, 422} <= set(seen), seen
