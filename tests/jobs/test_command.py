"""`contrafact jobs`: the operator sees, cancels and retries; whatever is wrong is said with what to do."""

from __future__ import annotations

import pytest

from contrafact.domain.digests import to_hex
from contrafact.domain.job_state import JobStatus
from contrafact.wiring.operating import open_jobs
from tests.e2e.command import Command
from tests.ledger.sent import wait_for

from .studio import Studio, settled_exactly, shift


@pytest.fixture
def command(studio: Studio) -> Command:
    if studio.connection is not None:
        pytest.skip("the command needs a node with a URL: run ./scripts/test, or npm ci in tests/clients")
    settings = studio.settings
    names = ("rpc_url", "deployment", "store", "home", "confirmations", "poll_seconds")
    return Command({name: str(getattr(settings, name)) for name in names})


def test_an_order_is_cancelled_shown_with_its_refund_and_taken_up_again(studio: Studio, command: Command) -> None:
    site = studio.site()
    (order,) = studio.fund(site)
    name = to_hex(order)
    assert command("jobs", "list", "--json").json == []
    assert command("jobs", "show", name, "--json").error["code"] == "not_found"
    cancelled = command("jobs", "cancel", name, "--json").json
    (funded,) = site.reader.funded(order)
    assert cancelled["status"] == "cancelled"
    assert cancelled["refund"] == {
        "maker": funded.quote.maker,
        "since": funded.quote.deadline + 1,
        "token": funded.quote.token,
        "escrowed": str(funded.escrowed),
        "penalty": str(funded.escrowed // 10),
        "by": "anybody",
    }
    assert "anybody can have" in " ".join(command("jobs", "show", name).out.split())
    with open_jobs(site.settings) as jobs, shift(site, jobs):
        assert command("jobs", "list", "--status", "running", "--status", "finished", "--json").json == []
        assert command("jobs", "retry", name, "--json").json["status"] == "waiting"
        wait_for(lambda: jobs.get(order).status is JobStatus.FINISHED)
    assert settled_exactly(site, [order])
    (row,) = command("jobs", "list", "--json").json
    assert (row["order"], row["status"], row["step"], row["error"]) == (name, "finished", "deliver", None)
    assert command("jobs", "show", name, "--json").json["refund"] is None
    for refused in ("cancel", "retry"):
        assert command("jobs", refused, name, "--json").error["code"] == "not_permitted"


def test_what_is_no_order_or_not_paid_is_refused(studio: Studio, command: Command) -> None:
    assert command("jobs", "cancel", "0x12", "--json").error["code"] == "invalid_input"
    answer = command("jobs", "cancel", "0x" + "12" * 32, "--json")
    assert (answer.error["code"], answer.code) == ("not_found", 3)
    assert "expires by itself" in answer.error["hint"]
