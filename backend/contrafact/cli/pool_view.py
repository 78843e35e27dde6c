"""How `contrafact pool show` tells of one model's pots and epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from contrafact.cli import options, output
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.models import Model
from contrafact.domain.pool_history import EpochClosed, PoolHistory
from contrafact.domain.pool_rule import PoolRule, Rule
from contrafact.domain.shares import PPM
from contrafact.ledger.pool_reader import PoolReader
from contrafact.wiring import Site
from contrafact.wiring.pools import sharing

Document = dict[str, Any]


def pot_document(
    site: Site, reader: PoolReader, history: PoolHistory, rules: Mapping[bytes, PoolRule], model: Model
) -> Document:
    """A model's rule, and its pots with their epochs; amounts are decimal strings."""
    rule = rules.get(model.model_id, PoolRule())
    in_force = sharing(site).in_force(rule, model)
    tokens = dict.fromkeys([*model.rates, *(token for owner, token in history.pots if owner == model.model_id)])
    return {
        "model": to_hex(model.model_id),
        "registrant": model.registrant,
        "rule": rule.rule.value,
        "owner_cap": rule.owner_cap,
        "evidence": to_hex(rule.evidence) if rule.rule is Rule.INFLUENCE else "",
        "in_force": in_force.rule.value,
        "reason": in_force.reason,
        "pots": [_pot(reader, history, model.model_id, token) for token in tokens],
    }


def pot_tables(site: Site, document: Document) -> list[Table | str]:
    """The same for a person."""
    cap = (
        "no cap for an owner" if document["owner_cap"] == PPM else f"at most {document['owner_cap'] / PPM:.2%} an owner"
    )
    title = f"Model {output.short(document['model'])}: shared by `{document['in_force']}`, {cap}"
    found: list[Table | str] = [f"{title}. {document['reason']}".strip()]
    pots = ("token", "pot amount", "collectable amount", "epochs")
    found.append(output.table(pots, [_pot_cells(site, pot) for pot in document["pots"]]))
    epochs = [_epoch_cells(site, pot, epoch) for pot in document["pots"] for epoch in pot["epochs"]]
    columns = ("epoch", "total amount", "unclaimed amount", "paid", "can be claimed until", "record")
    return [*found, output.table(columns, epochs)]


def _pot(reader: PoolReader, history: PoolHistory, model_id: bytes, token: str) -> Document:
    amount, _ = reader.pot(model_id, token)
    return {
        "token": token,
        "amount": str(amount),
        "collectable": str(reader.collectable(model_id, token)),
        "epochs": [_epoch(reader, history, closed) for closed in history.epochs((model_id, token))],
    }


def _epoch(reader: PoolReader, history: PoolHistory, closed: EpochClosed) -> Document:
    return {
        "epoch": closed.number,
        "total": str(closed.total),
        "left": str(reader.epoch(*closed.pot, closed.number).left),
        "claims": len(history.claims(closed)),
        "open_until": closed.open_until,
        "carried": history.is_carried(closed),
        "root": to_hex(closed.root),
        "record": cid(closed.evidence),
        "tx": closed.transaction,
    }


def _pot_cells(site: Site, pot: Document) -> tuple[str, ...]:
    currency = site.currency(pot["token"])
    amounts = (currency.format(int(pot[name])) for name in ("amount", "collectable"))
    return (currency.symbol, *amounts, str(len(pot["epochs"])))


def _epoch_cells(site: Site, pot: Document, epoch: Document) -> tuple[str, ...]:
    money = site.currency(pot["token"]).format
    until = "carried" if epoch["carried"] else options.written_moment(epoch["open_until"])
    return (
        str(epoch["epoch"]),
        money(int(epoch["total"])),
        money(int(epoch["left"])),
        output.counted(epoch["claims"], "holder"),
        until,
        output.short(epoch["record"]),
    )
