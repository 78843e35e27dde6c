"""`contrafact challenge status` and `rule`: how a challenge stands, and the arbiter's side of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from contrafact.challenging import committed_order, open_challenge, read_evidence
from contrafact.cli import naming, options, output
from contrafact.domain.challenges import Award, Challenge, CommittedOrder, Outcome, award
from contrafact.domain.digests import cid, to_hex
from contrafact.errors import ContrafactError, InvalidInput, NotFound
from contrafact.ledger.challenge_desk import ChallengeReader
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer
from contrafact.wiring.challenging import challenge_reader, challenge_writer, true_shares

WATCH_SECONDS = 15.0
MOST_SHOWN = 20
"""Findings of one challenger that are shown: a stranger wrote them."""


def status(
    order: Annotated[str | None, typer.Argument(metavar="ORDER", show_default=False, help="The order's id.")] = None,
    every: Annotated[bool, typer.Option("--all", help="The challenges of all orders.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Look again until none is open.")] = False,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """How challenges stand: open, upheld and what was paid, rejected, lapsed; and whose bonds can be taken back."""
    if (order is None) is not every:
        raise InvalidInput("Name an order, or --all.", "See: contrafact challenge status --help")
    site = Site(load(rpc_url=rpc_url, deployment=deployment))
    reader, identifier = challenge_reader(site), naming.order_id(order) if order else None
    shown = None
    while True:
        found = reader.challenges(identifier)
        if found != shown:
            _show(site, reader, found, as_json)
            shown = found
        if not watch or all(one.outcome is not Outcome.OPEN for one in found):
            return
        time.sleep(WATCH_SECONDS)


def rule(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The order's id.")],
    uphold: Annotated[
        bool, typer.Option("--uphold", help="The commit does not hold: the operator's bond pays.")
    ] = False,
    reject: Annotated[
        bool, typer.Option("--reject", help="It holds: the operator gets the challengers' bonds.")
    ] = False,
    to_source: Annotated[
        list[str],
        typer.Option(metavar="WORK=AMOUNT", show_default=False, help="Instead of what the replay gives; repeat."),
    ] = [],  # noqa: B006
    to_maker: Annotated[
        str | None, typer.Option(metavar="AMOUNT", show_default=False, help="Instead of what the replay gives.")
    ] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    reader_key: options.ReaderKey = None,
    as_json: options.Json = False,
) -> None:
    """Rules on an open challenge, as the deployment's arbiter. Shows the evidence first.

    An upheld challenge pays each source what it had too little by this machine's own replay, and the maker what came
    back too little and the operator's fee; or the amounts that are given.
    """
    if uphold is reject:
        raise InvalidInput("Say --uphold or --reject.", "See: contrafact challenge rule --help")
    places = {"rpc_url": rpc_url, "deployment": deployment, "store": store, "reader_key_file": reader_key}
    site, identifier = Site(load(key_file=key_file, **places)), naming.order_id(order)
    reader, desk = challenge_reader(site), challenge_writer(site, signer(site.settings, "key_file"))
    disputed, ordered = open_challenge(reader, identifier), committed_order(reader, identifier)
    output.tell("\n".join(_filed(site, disputed, ordered)))
    given = _award(site, ordered, to_source, to_maker) if uphold else Award((0,) * len(ordered.funded.quote.sources), 0)
    if uphold and not given.total:
        raise InvalidInput(
            "The replay leaves nothing to pay.", "Say what to pay: --to-source, --to-maker; or --reject."
        )
    tx = desk.rule(ordered.funded.quote, given)
    (ruled,) = [one for one in reader.challenges(identifier) if one.number == disputed.number]
    output.show({**_described(ruled), "tx": tx}, as_json, *_told(site, reader, ruled))


def _award(site: Site, order: CommittedOrder, to_source: Sequence[str], to_maker: str | None) -> Award:
    """What is given; where that is nothing, what this machine's replay says."""
    quote, money = order.funded.quote, site.currency(order.funded.quote.token)
    if not to_source and to_maker is None:
        return award(order, true_shares(site, order))
    amounts = [0] * len(quote.sources)
    ids = [source.work_id for source in quote.sources]
    for text in to_source:
        work, _, amount = text.rpartition("=")
        work_id = naming.work_id(site, work)
        if work_id not in ids:
            raise InvalidInput(f"{work} is no source of this order.", "The order's sources: contrafact audit")
        amounts[ids.index(work_id)] += options.price(money, amount, options.AMOUNT_BITS)
    return Award(tuple(amounts), options.price(money, to_maker or "0", options.AMOUNT_BITS))


def _filed(site: Site, disputed: Challenge, order: CommittedOrder) -> list[str]:
    """The evidence of each challenger, as far as it can be had; the store compares its digest."""
    said = []
    for filing in disputed.filings:
        said.append(f"{filing.challenger} challenged with evidence {cid(filing.evidence)}:")
        try:
            evidence = read_evidence(site.store, filing, order)
        except ContrafactError as error:
            said.append(f"  it cannot be read: {error.message}")
            continue
        said += [f"  {output.line(one.check)}: {output.line(one.message)}" for one in evidence.findings[:MOST_SHOWN]]
        left = len(evidence.findings) - MOST_SHOWN
        said += [f"  … and {left} more, in the document"] if left > 0 else []
    return said


def _show(site: Site, reader: ChallengeReader, found: Sequence[Challenge], as_json: bool) -> None:
    if not found:
        raise NotFound("There is no challenge.", "To challenge a commit: contrafact challenge ORDER")
    said = [line for one in found for line in _told(site, reader, one)]
    output.show([_described(one) for one in found], as_json, *said)


def _told(site: Site, reader: ChallengeReader, one: Challenge) -> list[str]:
    quote = reader.funded(one.order_id)[0].quote
    money = site.currency(quote.token).format
    head = f"Order {to_hex(one.order_id)}, challenge {one.number}: {one.outcome.value}"
    if one.outcome is Outcome.OPEN:
        head += f", the arbiter may rule until {options.written_moment(one.ruling_until)}"
    said = [f"{head}."]
    said += [
        f"  {filing.challenger}: bond {money(filing.bond)}, evidence {cid(filing.evidence)}" for filing in one.filings
    ]
    for source, amount in zip(quote.sources, one.to_sources, strict=False):
        said += [f"  work {output.short(to_hex(source.work_id))} got {money(amount)}"] if amount else []
    said += [f"  maker {quote.maker} got {money(one.to_maker)}"] if one.to_maker else []
    said += [f"  {money(amount)} of bonds went to {to}" for to, amount in one.paid_back]
    take = f"contrafact challenge take-back {to_hex(one.order_id)}"
    return [*said, *(f"  {who} can take its bond back: {take}" for who in one.waiting)]


def _described(one: Challenge) -> dict[str, Any]:
    return {
        "order": to_hex(one.order_id),
        "number": one.number,
        "outcome": one.outcome.value,
        "operator": one.operator,
        "locked": str(one.locked),
        "ruling_until": one.ruling_until,
        "filings": [
            {"challenger": f.challenger, "bond": str(f.bond), "evidence": cid(f.evidence), "tx": f.transaction}
            for f in one.filings
        ],
        "to_sources": [str(amount) for amount in one.to_sources],
        "to_maker": str(one.to_maker),
        "paid_back": [{"to": to, "amount": str(amount)} for to, amount in one.paid_back],
        "waiting": list(one.waiting),
    }
