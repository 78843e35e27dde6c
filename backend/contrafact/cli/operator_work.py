"""`contrafact operator status` and `resume`: what an operator has to do, and doing it."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from contrafact.cli import options, output
from contrafact.cli.bonds import bond_document, bond_rows
from contrafact.cli.checks import document_of, exit_code, table_of
from contrafact.domain.digests import to_hex
from contrafact.errors import ContrafactError, OrderClosed
from contrafact.ledger.signer import Signer
from contrafact.order.folder import OrderFolder
from contrafact.order.job import OrderJob
from contrafact.order.live.book import is_makers
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer
from contrafact.wiring.standing import OpenOrder, checks, open_orders, standing


def status(
    operator: options.Operator = None,
    token: options.Token = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Shows bond, open orders, deadlines, coin and transactions under way. Exit code 13: something must be done now."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, token=token, operator_key_file=operator_key_file))
    key = signer(site.settings, "operator_key_file") if operator is None else None
    whose = site.operator_of(key) if key else site.address(operator or "")
    found = standing(site, whose, str(key.address) if key else whose)
    made = checks(found)
    rows = [_order_document(order) for order in found.orders]
    document = {**bond_document(site, whose), "signer": found.signer, "orders": rows}
    cells = [
        (output.short(to_hex(order.order_id)), _status(order), options.written_moment(order.deadline))
        for order in found.orders
    ]
    table = output.table(("open order", "status", "deadline"), cells)
    bond = output.details([*bond_rows(site, whose), ("signing key", found.signer or "its own")])
    output.show({**document, **document_of(made)}, as_json, bond, table, table_of(made))
    raise typer.Exit(exit_code(made))


def resume(
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    operator_key_file: options.OperatorKeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Brings what is under way to its end: transactions, then every paid order of this home. Safe to repeat."""
    keys = {"operator_key_file": operator_key_file}
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, **keys))
    key = signer(site.settings, "operator_key_file")
    recovered = site.connection.recover(key)
    orders = [order for order in open_orders(site, site.operator_of(key)) if order.is_here and _is_due(site, order)]
    rows = list(_run(site, key, orders))
    failures = [error for _, error in rows if error]
    document = [{"order": to_hex(order), "error": error and error.to_dict()} for order, error in rows]
    cells = [(to_hex(order), error.message if error else "finished") for order, error in rows]
    said = f"{output.counted(recovered, 'transaction')} looked after, {output.counted(len(rows), 'order')} run."
    found = {"transactions": recovered, "orders": document}
    output.show(found, as_json, said, output.table(("order", "outcome"), cells))
    raise typer.Exit(failures[0].exit_code if failures else 0)


def _is_due(site: Site, order: OpenOrder) -> bool:
    """Not while a live order is its maker's to play."""
    folder = OrderFolder(site.settings.home, order.order_id)
    return order.is_committed or not is_makers(folder, site.reader.timestamp)


def _run(site: Site, key: Signer, orders: list[OpenOrder]) -> Iterator[tuple[bytes, ContrafactError | None]]:
    """Each order to its end, the nearest deadline first. One that fails does not stop the others."""
    now = site.reader.timestamp()
    for order in sorted(orders, key=lambda order: order.deadline):
        try:
            _require_in_time(order, now)
            job = OrderJob.of(site.workshop(key), order.order_id, lambda step: None, lambda bar, bars: None)
            with job.folder.held():
                job.run()
        except ContrafactError as error:
            yield order.order_id, error
        else:
            yield order.order_id, None


def _require_in_time(order: OpenOrder, now: int) -> None:
    """Raises OrderClosed for an order that the contracts take no commit of any more: nothing is generated for it."""
    if not order.is_committed and order.deadline < now:
        text = f"The deadline of order {to_hex(order.order_id)} has passed."
        raise OrderClosed(text, "Give the money back: contrafact refund QUOTE")


def _status(order: OpenOrder) -> str:
    return "committed" if order.is_committed else "funded"


def _order_document(order: OpenOrder) -> dict[str, object]:
    return {
        "order": to_hex(order.order_id),
        "status": _status(order),
        "token": order.token,
        "escrow": str(order.escrow),
        "deadline": order.deadline,
        "here": order.is_here,
    }
