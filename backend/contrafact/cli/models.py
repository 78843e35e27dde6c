"""`contrafact models`: register the packaged model, list the models of the chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from contrafact import registration
from contrafact.cli import manifests, options, output, pool_options
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.models import Model, ModelMetadata
from contrafact.domain.pool_rule import Rule
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer
from contrafact.wiring.pools import licensed_rule

app = typer.Typer(
    help="Register the installed model, list the models of the chain, see what they learnt from.",
    no_args_is_help=True,
)
app.command("manifest")(manifests.manifest)
app.command("verify-proof")(manifests.verify_proof)
app.command("sunset")(manifests.sunset)


@app.command()
def register(
    base_rate: Annotated[
        str, typer.Option(metavar="PRICE", help="Price per started 30 s of a piece that is wholly base.")
    ],
    sunset: Annotated[
        str, typer.Option(metavar="TIME", help="From then on the model takes no new orders; 0 is never.")
    ] = "0",
    pool_rule: pool_options.PoolRule = Rule.EQUAL,
    owner_cap: pool_options.OwnerCap = "1",
    pool_evidence: pool_options.Evidence = None,
    token: options.Token = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Registers the model of this installation, with its base rate and the manifest of what it learnt from.

    Refused unless each of these works is registered, or in an anchored collection, on terms that permit training now.
    Base rate, rule and cap are final: a model with others is another model, or of another account.
    """
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file, token=token))
    account = signer(site.settings, "key_file")
    paid_in = site.token()
    rates = {paid_in: options.price(site.currency(paid_in), base_rate, options.AMOUNT_BITS)}
    manifest, until = site.packaged_manifest(account.address), options.moment(sunset)
    rule = licensed_rule(site, pool_rule, options.fraction(owner_cap), pool_options.evaluation(pool_evidence))
    metadata = site.packaged_model(manifest, rule)
    given = (metadata, manifest, rates, site.store, site.writer(account), until)
    model_id = to_hex(registration.register_model(*given))
    found = {
        "model": model_id,
        "weights": to_hex(metadata.weights),
        "training_works": metadata.training_works,
        "manifest": to_hex(metadata.manifest),
        "manifest_document": cid(metadata.manifest_document),
        "pool": rule.to_dict(),
    }
    learnt = f"It learnt from {output.counted(metadata.training_works, 'work')}, each with its licensor's consent."
    output.show(found, as_json, f"Registered the model as {model_id}", learnt)


@app.command("list")
def list_models(
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Lists the models that are registered on the chain."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    models = site.reader.models()
    works = {model.model_id: _training_works(site, model) for model in models}
    found = [
        {
            "model": to_hex(model.model_id),
            "weights": to_hex(model.weights),
            "registrant": model.registrant,
            "training_works": works[model.model_id],
            "base_rate": str(rate),
            "token": token,
        }
        for model in models
        for token, rate in model.rates.items()
    ]
    names = ("model", "weights", "registrant")
    cells = [
        (*(output.short(str(row[name])) for name in names), row["training_works"] or "?", _rate(site, row))
        for row in found
    ]
    title = f"{output.counted(len(models), 'model')}; price per started 30 s"
    columns = ("model", "weights", "registrant", "learnt from", "base price")
    output.show(found, as_json, title, output.table(columns, cells))


def _training_works(site: Site, model: Model) -> int | None:
    """How many works its description names; None where that is not in this content store."""
    try:
        return ModelMetadata.from_bytes(site.store.get(cid(model.metadata))).training_works
    except (NotFound, StoreError, InvalidInput):
        return None


def _rate(site: Site, row: Mapping[str, object]) -> str:
    return site.currency(str(row["token"])).format(int(str(row["base_rate"])))
