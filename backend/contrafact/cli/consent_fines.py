"""`contrafact consent stop` and `fine`: what follows for a model with a work without consent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from contrafact.cli import naming, options, output
from contrafact.cli.consents import LearntWork, opened, require_status
from contrafact.cli.manifests import ModelId
from contrafact.consent import Case
from contrafact.domain.digests import to_hex
from contrafact.domain.history import Fined
from contrafact.domain.inquiries import ConsentStatus
from contrafact.errors import ContractError
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.consents import committed_order

Order = Annotated[
    str | None,
    typer.Option(
        metavar="ORDER",
        help="A committed order, by its whole id: its operator is fined. Default: who registered the model.",
        show_default=False,
    ),
]
OnlyToken = Annotated[
    str | None,
    typer.Option(
        "--token", metavar="TOKEN", help="Only in this token. Default: all that the model takes.", show_default=False
    ),
]
_NOT_MISSING = "Nobody has shown that the work's consent is missing."
_NOTHING = "DisputeDesk_NothingToFine"


def stop(
    model: ModelId,
    work: LearntWork,
    token: OnlyToken = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Lets a model with a work without consent take no new orders. Anybody may; safe to repeat."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file, token=token))
    case, writer = opened(site, model, work)
    require_status(case, ConsentStatus.MISSING, _NOT_MISSING)
    sent: dict[str, str | None] = {}
    for each in _tokens(site, case, token):
        takes = case.model.takes_orders(each, site.reader.timestamp())
        sent[each] = writer.stop(case.model, case.leaf, each) if takes else None
    cells = [(site.currency(each).symbol, "stopped" if tx else "was stopped before") for each, tx in sent.items()]
    rows = [{"token": each, "tx": tx} for each, tx in sent.items()]
    title = f"The model {output.short(to_hex(case.model.model_id))} takes no new orders in these tokens."
    output.show(rows, as_json, title, output.table(("token", "now"), cells))


def fine(
    model: ModelId,
    work: LearntWork,
    order: Order = None,
    token: OnlyToken = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Takes the fine for a work without consent from an operator's bond, and stops the model. Safe to repeat.

    A tenth of it goes to who proved it or asked, the rest to the model's training pool.
    """
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file, token=token))
    case, writer = opened(site, model, work)
    require_status(case, ConsentStatus.MISSING, _NOT_MISSING)
    if order is None:
        who, tokens = case.model.registrant, _tokens(site, case, token)
        paid = _fines(site, case, who, tokens, lambda each: writer.fine_registrant(case.model, case.leaf, each))
    else:
        order_paid = committed_order(site, case, naming.order_id(order))
        quote = order_paid[0].quote
        who, tokens = quote.operator, [quote.token]
        paid = _fines(site, case, who, tokens, lambda _: writer.fine_operator(case.leaf, *order_paid))
    cells = []
    for one, tx in paid:
        amounts = map(site.currency(one.token).format, (one.to_finder, one.to_pool))
        cells.append((*amounts, "now" if tx else "before"))
    columns = ("finder's amount", "pool's amount", "when")
    rows = [_described(one, tx) for one, tx in paid]
    output.show(rows, as_json, f"The operator {who} was fined.", output.table(columns, cells))


Paid = list[tuple[Fined, str | None]]
"""Fines, each with its transaction if it was sent now."""


def _fines(site: Site, case: Case, who: str, tokens: Sequence[str], send: Callable[[str], str]) -> Paid:
    """What the work costs an operator in each token. Raises Payment where there is nothing to take in any of them."""
    found: Paid = []
    refused: ContractError | None = None
    for token in tokens:
        if before := _fine(site, case, who, token):
            found.append((before, None))
            continue
        try:
            tx = send(token)
        except ContractError as error:
            if error.name != _NOTHING:
                raise
            refused = error
            continue
        found += [(made, tx) for made in (_fine(site, case, who, token),) if made]
    if refused and not found:
        raise refused
    return found


def _fine(site: Site, case: Case, who: str, token: str) -> Fined | None:
    """What the operator has paid for the work in the token."""
    wanted = (case.consent_id, who, token)
    return next((one for one in site.reader.fines() if (one.consent_id, one.operator, one.token) == wanted), None)


def _tokens(site: Site, case: Case, only: str | None) -> Sequence[str]:
    """The tokens that the model takes, or the one that was named, of which the contract says whether it does."""
    return tuple(case.model.rates) if only is None else [site.token()]


def _described(one: Fined, tx: str | None) -> dict[str, str | None]:
    return {
        "consent": to_hex(one.consent_id),
        "operator": one.operator,
        "token": one.token,
        "finder": one.finder,
        "to_finder": str(one.to_finder),
        "to_pool": str(one.to_pool),
        "tx": tx,
    }
