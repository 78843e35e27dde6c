"""`contrafact models`: register the packaged model, list the models of the chain."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from contrafact import registration
from contrafact.cli import confirming, options, output
from contrafact.domain.digests import cid, from_hex, to_hex
from contrafact.domain.models import ModelMetadata
from contrafact.domain.splits import Split
from contrafact.errors import NotFound
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer

app = typer.Typer(help="Register the installed model, list the models of the chain.", no_args_is_help=True)


@app.command()
def register(
    base_rate: Annotated[
        str, typer.Option(metavar="PRICE", help="Price per started 30 s of a piece that is wholly base.")
    ],
    pool_holder: Annotated[
        list[str],
        typer.Option(metavar="ADDRESS=PART", help="Who is paid from the training pool, 0xABC…=0.5; repeat."),
    ],
    token: options.Token = None,
    holder_key: confirming.HolderKeys = [],  # noqa: B006
    confirmation: confirming.Signatures = [],  # noqa: B006
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Registers the model of this installation, with its base rate and training pool."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file, token=token))
    account = signer(site.settings, "key_file")
    split = Split.of([options.pair(text, "0xABC…=0.5") for text in pool_holder])
    paid_in = site.token()
    rates = {paid_in: options.price(site.currency(paid_in), base_rate, options.AMOUNT_BITS)}
    weights = site.generator.model_digest
    expected = site.reader.model_id_of(account.address, weights)
    confirmed = confirming.gather(site, expected, split, account, holder_key, confirmation)
    metadata = replace(site.packaged_model(split), confirmations=confirmed)
    model_id = registration.register_model(metadata, rates, site.store, site.writer(account))
    found = {"model": to_hex(model_id), "weights": to_hex(weights), "confirmed": sorted(confirmed)}
    said = [text for text in (confirming.missing(split, confirmed),) if text]
    output.show(found, as_json, f"Registered the model as {to_hex(model_id)}", *said)


@app.command()
def confirm(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="The model's id.")],
    sign: confirming.SignOnly = False,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Confirms that your places in a model's training pool are yours, so that payouts reach you."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    model_id = from_hex(model.lower())
    registered = next((one for one in site.reader.models() if one.model_id == model_id), None)
    if registered is None:
        raise NotFound(f"Model {model} is not registered on this chain.", "`contrafact models list` shows them.")
    metadata = ModelMetadata.from_bytes(site.store.get(cid(registered.metadata)))
    confirming.command(site, model_id, metadata.pool_split, list(registered.rates), sign, as_json)


@app.command("list")
def list_models(
    rpc_url: options.RpcUrl = None, deployment: options.DeploymentFile = None, as_json: options.Json = False
) -> None:
    """Lists the models that are registered on the chain."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment))
    models = site.reader.models()
    found = [
        {
            "model": to_hex(model.model_id),
            "weights": to_hex(model.weights),
            "registrant": model.registrant,
            "base_rate": str(rate),
            "token": token,
        }
        for model in models
        for token, rate in model.rates.items()
    ]
    cells = [
        (*(output.short(row[name]) for name in ("model", "weights", "registrant")), _rate(site, row)) for row in found
    ]
    title = f"{output.counted(len(models), 'model')}; price per started 30 s"
    output.show(found, as_json, title, output.table(("model", "weights", "registrant", "base price"), cells))


def _rate(site: Site, row: dict[str, str]) -> str:
    return site.currency(row["token"]).format(int(row["base_rate"]))
