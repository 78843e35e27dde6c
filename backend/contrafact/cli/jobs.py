"""`contrafact jobs` and `contrafact operator run`: the operator's paid orders, made one after the other."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from typing import Annotated, Any

import typer

from contrafact.cli import naming, options, output
from contrafact.domain.digests import to_hex
from contrafact.domain.job_state import JobState, JobStatus
from contrafact.domain.refunds import RefundRight
from contrafact.errors import NotFound, NotPermitted
from contrafact.jobs.events import Happened, JobEvent
from contrafact.jobs.refunding import right_of
from contrafact.ports import OrderStatus
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer
from contrafact.wiring.operating import open_jobs, operating

app = typer.Typer(help="The jobs of an operator's paid orders: how far they are, and what hinders them.")

OrderId = Annotated[str, typer.Argument(metavar="ORDER", help="The order's id, 0x and 64 hex digits.")]
Statuses = Annotated[
    list[JobStatus], typer.Option("--status", show_default=False, help="Only jobs of this status; repeat.")
]
_COLUMNS = ("order", "status", "step", "tries", "deadline", "what hinders it")


def run(
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Makes every paid order of this home until it is stopped (Ctrl-C, SIGTERM). Safe to kill; start it again."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, operator_key_file=operator_key_file))
    key = signer(site.settings, "operator_key_file")
    with open_jobs(site.settings) as jobs, operating(site, key, jobs, on_event=_say) as runner, _stopping() as stop:
        output.aside.print(f"Working for {site.operator_of(key)}. Ctrl-C ends it.", highlight=False)
        runner.run(stop)
        left = [to_hex(order_id) for order_id in runner.running]
    output.show({"left": left}, as_json, f"Stopped. {output.counted(len(left), 'order')} left to be resumed.")


@app.command("list")
def list_jobs(statuses: Statuses = [], as_json: options.Json = False) -> None:  # noqa: B006 - the framework's way
    """Lists the jobs of this installation, the nearest deadline first."""
    with open_jobs(load()) as jobs:
        found = jobs.listed(*statuses)
    table = output.table(_COLUMNS, map(_cells, found))
    output.show([_document(state) for state in found], as_json, table, output.counted(len(found), "job"))


@app.command()
def show(
    order: OrderId,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Shows one job, and from when on the order's maker can have its money back."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment))
    with open_jobs(site.settings) as jobs:
        _show(site, jobs.get(naming.order_id(order)), as_json)


@app.command()
def cancel(
    order: OrderId,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Stops the work on an order that is not committed. Its maker is refunded after the deadline, and a tenth more."""
    site, order_id = Site(load(rpc_url=rpc_url, deployment=deployment)), naming.order_id(order)
    if site.reader.order_status(order_id) is OrderStatus.COMMITTED:
        raise NotPermitted(f"Order {order} is committed: it is paid for and published.", "Let its delivery finish.")
    funded = next(iter(site.reader.funded(order_id)), None)
    if funded is None:
        raise NotFound(f"Order {order} is not paid.", "An offer that nobody pays expires by itself; nothing is made.")
    with open_jobs(site.settings) as jobs:
        jobs.add(order_id, funded.quote.deadline)
        _show(site, jobs.cancel(order_id), as_json)


@app.command()
def retry(
    order: OrderId,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Has an order tried again that was stopped, was cancelled, or waits for its next try."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment))
    with open_jobs(site.settings) as jobs:
        _show(site, jobs.retry(naming.order_id(order)), as_json)


def _show(site: Site, state: JobState, as_json: bool) -> None:
    right = None
    with suppress(NotFound):  # its payment may have been dropped by a reorganisation
        right = right_of(site.reader, state.order_id)
    rows = [
        ("order", to_hex(state.order_id)),
        ("status", state.status.value),
        ("step", f"{state.step or ''} {f'bar {state.bar} of {state.bars}' if state.bars else ''}".strip()),
        ("tries", state.tries),
        ("deadline", options.written_moment(state.deadline)),
    ]
    if state.error:
        rows.append(("hindered by", f"{state.error['message']} {state.error['hint']}".strip()))
    if right is not None:
        rows.append(("refund", _said(site, right)))
    output.show({**_document(state), "refund": right and _refund_document(right)}, as_json, output.details(rows))


def _said(site: Site, right: RefundRight) -> str:
    """When, by whom and how much, for a person."""
    escrowed, penalty = map(site.currency(right.token).format, (right.escrowed, right.penalty))
    since = options.written_moment(right.since)
    return f"from {since} on anybody can have {right.maker} get {escrowed} back, and {penalty} from the bond"


def _refund_document(right: RefundRight) -> dict[str, object]:
    amounts = {"token": right.token, "escrowed": str(right.escrowed), "penalty": str(right.penalty)}
    return {"maker": right.maker, "since": right.since, **amounts, "by": "anybody"}


def _document(state: JobState) -> dict[str, object]:
    return {
        "order": to_hex(state.order_id),
        "status": state.status.value,
        "step": state.step,
        "bar": state.bar,
        "bars": state.bars,
        "tries": state.tries,
        "deadline": state.deadline,
        "next_try": state.next_try,
        "updated": state.updated,
        "error": state.error and dict(state.error),
    }


def _cells(state: JobState) -> tuple[object, ...]:
    hindered = (state.error or {}).get("message", "") if state.status is not JobStatus.FINISHED else ""
    moment = options.written_moment(state.deadline)
    return to_hex(state.order_id), state.status.value, state.step or "", state.tries, moment, hindered


def _say(event: JobEvent) -> None:
    """One line on standard error for what matters to somebody who looks on."""
    if event.what is Happened.STEP:
        return
    order = output.short(to_hex(event.order_id)) if event.order_id else "looking for orders"
    error = f": {event.error}" if event.error else ""
    wait = f", next try in {event.wait:.0f} s" if event.wait else ""
    output.aside.print(f"{order} {event.what.value}{wait}{error}", markup=False, soft_wrap=True)


@contextmanager
def _stopping() -> Iterator[Event]:
    """An event that Ctrl-C and SIGTERM set; a second one ends the process as usual."""
    stop = Event()
    before: dict[int, Any] = {}

    def stopped(number: int, frame: object) -> None:
        stop.set()
        signal.signal(number, before[number])

    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, stopped)
    try:
        yield stop
    finally:
        for caught, handler in before.items():
            signal.signal(caught, handler)
