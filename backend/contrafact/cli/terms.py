"""`contrafact terms`: what a licensor permits, and at what price."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import naming, options, output, terms_options
from contrafact.domain.catalogue import Catalogue
from contrafact.domain.digests import to_hex
from contrafact.domain.quotes import terms_to_dict
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.errors import InvalidInput, NotFound
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer

app = typer.Typer(
    help="Say what a work may be used for, at what price; every change is a new version.", no_args_is_help=True
)


@app.command("set")
def set_terms(
    work: options.WorkId,
    price: terms_options.Prices = [],  # noqa: B006 - typer copies it
    token: options.Token = None,
    training: terms_options.Training = False,
    max_weight: terms_options.MaxWeight = "1",
    combinable: terms_options.Combinable = True,
    valid_from: terms_options.ValidFrom = "0",
    valid_until: terms_options.ValidUntil = "0",
    sunset: terms_options.Sunset = "0",
    opt_out: Annotated[bool, typer.Option("--opt-out", help="Permit nothing, from the next order on.")] = False,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Sets a new version of a work's terms; it counts from the next order on."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, key_file=key_file, token=token))
    account = signer(site.settings, "key_file")
    if opt_out and (price or training):
        raise InvalidInput("Opting out and permitting something exclude each other.", "Leave one of them out.")
    limits = (price, training, max_weight, combinable, valid_from, valid_until, sunset)
    terms = Terms.opted_out() if opt_out else terms_options.built(site, *limits)
    work_id = naming.work_id(site, work)
    registered = Catalogue.of(site.reader.works(), ()).entry(work_id).work
    version, _ = site.writer(account).set_terms(work_id, registered.split_root, terms)
    found = {"work": to_hex(work_id), "version": version, "terms": terms_to_dict(terms)}
    title = f"Terms version {version} of work {to_hex(work_id)} is in force"
    output.show(found, as_json, title, output.details(in_words(site, terms)))


@app.command()
def show(
    work: options.WorkId,
    version: Annotated[
        int | None, typer.Option(metavar="N", help="A version; default: the one in force.", show_default=False)
    ] = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Shows a work's terms, any version."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment))
    work_id = naming.work_id(site, work)
    site.reader.licensor_of(work_id)  # an unknown work is another error than one without terms
    versions = [v for v in site.reader.terms_history() if v.work_id == work_id]
    wanted = [v for v in versions if version in (None, v.version)]
    if not wanted:
        known = f"Versions {versions[0].version} to {versions[-1].version} are there." if versions else ""
        hint = known or "Its licensor must set some first."
        raise NotFound(f"Work {to_hex(work_id)} has no such terms.", hint)
    chosen = wanted[-1]
    found = {"work": to_hex(work_id), "version": chosen.version, **terms_to_dict(chosen.terms)}
    title = f"Version {chosen.version} of work {to_hex(work_id)}; {versions[-1].version} is in force"
    output.show(found, as_json, title, output.details(in_words(site, chosen.terms)))


def prices(site: Site, row: TokenPrice, uses: frozenset[Use]) -> str:
    """The prices of the permitted uses in one token: `private 0.20 TUSD · live 1.00 TUSD`."""
    currency = site.currency(row.token)
    return " · ".join(f"{use.name.lower()} {currency.format(row.prices[use])}" for use in sorted(uses))


def in_words(site: Site, terms: Terms) -> list[tuple[str, str]]:
    """The terms as rows of a table of details."""
    rows = [("permitted", terms.summary())]
    rows += [("per 30 s", prices(site, row, terms.uses)) for row in terms.prices]
    if terms.valid_from:
        rows.append(("valid from", options.written_moment(terms.valid_from)))
    if terms.valid_until:
        rows.append(("valid until", options.written_moment(terms.valid_until)))
    if terms.sunset:
        rows.append(("models until", options.written_moment(terms.sunset)))
    return rows
