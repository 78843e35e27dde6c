"""`contrafact terms`: what a licensor permits, and at what price."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.domain.digests import to_hex
from contrafact.domain.quotes import terms_to_dict
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.errors import InvalidInput, NotFound
from contrafact.keys import load_key
from contrafact.settings import load
from contrafact.wiring import Site

app = typer.Typer(help="Licence terms; every change is a new version.", no_args_is_help=True)


@app.command("set")
def set_terms(
    work: options.WorkId,
    price: Annotated[
        list[str],
        typer.Option(help="Price per started 30 s of one use, private=0.20; repeat. Others are refused."),
    ] = [],  # noqa: B006 - typer copies it
    token: Annotated[str | None, typer.Option(help="usd, native, or a token's address.")] = None,
    training: Annotated[bool, typer.Option(help="Models may learn from the work.")] = False,
    max_weight: Annotated[str, typer.Option(help="Highest weight in an order.")] = "1",
    combinable: Annotated[bool, typer.Option(help="May stand beside works of other licensors.")] = True,
    valid_from: Annotated[int, typer.Option(help="Seconds since the epoch.")] = 0,
    valid_until: Annotated[int, typer.Option(help="Seconds since the epoch; 0 is without end.")] = 0,
    opt_out: Annotated[bool, typer.Option("--opt-out", help="Permit nothing, from the next order on.")] = False,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Sets a new version of a work's terms; it counts from the next order on."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, key_file=key_file, token=token))
    account = load_key(site.settings.key_file, "key_file")
    if opt_out and price:
        raise InvalidInput("Opting out and prices exclude each other.", "Leave one of them out.")
    terms = Terms.opted_out()
    if not opt_out:
        row = _price_row(site, price)
        uses = frozenset(use for use in Use if any(text.startswith(f"{use.name.lower()}=") for text in price))
        weight = options.fraction(max_weight)
        terms = Terms(training, bool(uses), uses, combinable, weight, valid_from, valid_until, 0, row)
    version, _ = site.writer(account).set_terms(options.identifier(work), terms)
    found = {"work": work, "version": version, "terms": terms_to_dict(terms)}
    output.show(found, as_json, f"Terms version {version} of {output.short(work)}: {terms.summary()}")


@app.command()
def show(
    work: options.WorkId,
    version: Annotated[int | None, typer.Option(help="A version; default: the one in force.")] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Shows a work's terms, any version."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment))
    work_id = options.identifier(work)
    versions = [v for v in site.reader.terms_history() if v.work_id == work_id]
    wanted = [v for v in versions if version in (None, v.version)]
    if not wanted:
        raise NotFound(f"Work {to_hex(work_id)} has no such terms.", f"It has {len(versions)} versions.")
    chosen = wanted[-1]
    found = {"work": work, "version": chosen.version, **terms_to_dict(chosen.terms)}
    rows = [("in words", chosen.terms.summary())]
    rows += [(name, json.dumps(value)) for name, value in found.items()]
    for row in chosen.terms.prices:
        currency = site.currency(row.token)
        prices = " · ".join(f"{u.name.lower()} {currency.format(row.prices[u])}" for u in sorted(chosen.terms.uses))
        rows.append(("per started 30 s", prices))
    output.show(found, as_json, output.table(f"Terms version {chosen.version}", ("field", "value"), rows))


def _price_row(site: Site, prices: list[str]) -> tuple[TokenPrice, ...]:
    token, amounts = site.token(), [0, 0, 0, 0]
    for text in prices:
        name, separator, amount = text.partition("=")
        if not separator:
            raise InvalidInput(f"{text!r} has no '='.", "Write for example private=0.20.")
        amounts[Use.parse(name)] = site.currency(token).parse(amount)
    return (TokenPrice(token, (amounts[0], amounts[1], amounts[2], amounts[3])),) if prices else ()
