"""`contrafact models manifest`, `verify-proof` and `sunset`: what a model learnt from, proved, and ended."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from contrafact import registration
from contrafact.cli import naming, options, output
from contrafact.consent import Learning, learnt_from, read_collection, read_manifest
from contrafact.domain import manifest_proofs
from contrafact.domain.digests import to_hex
from contrafact.domain.manifest_proofs import Membership
from contrafact.domain.manifests import Manifest
from contrafact.domain.models import Model
from contrafact.domain.training_consent import Licences
from contrafact.errors import InvalidInput, NotFound, NotPermitted
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer

ModelId = Annotated[str, typer.Argument(metavar="MODEL", help="The model's id, or its first 8 hex digits.")]
LearntWork = Annotated[str, typer.Argument(metavar="WORK", help="A work's id, or its first 8 hex digits.")]


def manifest(
    model: ModelId,
    prove: Annotated[
        str | None,
        typer.Option(
            metavar="WORK",
            help="Write a proof that the model learnt from this work, or did not: its id, or a file.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the proof.")] = Path("manifest-proof.json"),
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Shows what a model learnt from, or proves of one work that it did or did not."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    found = model_named(site, model)
    read = read_manifest(found, site.store)
    if prove is not None:
        _prove(site, found, read, prove, out, as_json)
        return
    sources = Counter((leaf.registrant, leaf.collection) for leaf in read.leaves)
    cells = [
        (output.short(who), output.short(to_hex(root)) if root else "registered singly", count)
        for (who, root), count in sources.items()
    ]
    title = f"{output.counted(len(read.leaves), 'work')}, with the root {to_hex(read.root)}"
    document = {"model": to_hex(found.model_id), "root": to_hex(read.root)} | read.to_dict()
    output.show(document, as_json, title, output.table(("registrant", "collection", "works"), cells))


def verify_proof(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A proof, as `models manifest --prove` writes it.")],
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    as_json: options.Json = False,
) -> None:
    """Checks a proof that a model learnt from a work, or did not, against the root on the chain; needs no store."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment))
    proof = manifest_proofs.from_bytes(options.read_file(file).strip())
    model = model_named(site, to_hex(proof.model_id))
    proof.require(model.manifest)
    output.show(_proved(proof), as_json, _sentence(proof))


def sunset(
    model: ModelId,
    work: LearntWork,
    token: options.Token = None,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Ends a model's new orders at the date that a work's terms named when it learnt from it. Anybody may."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file, token=token))
    account = signer(site.settings, "key_file")
    licences = site.licences()
    registrant, content = naming.training_work(site, licences, work)
    learning = _learning(site, licences, model_named(site, model), registrant, content)
    if not learning.sunset:
        text = "The terms under which the model learnt from the work name no date for that."
        raise NotPermitted(text, "An opt-out binds the next model that is registered.")
    writer = site.writer(account)
    if learning.leaf.collection and not _is_registered(site, licences, learning):
        _materialise(site, licences, learning, writer)
    terms, version = learning.terms, learning.version
    assert terms is not None  # as it has a sunset
    assert version is not None
    proof = learning.manifest.proof(learning.leaf)
    tx = writer.enforce_sunset(learning.model, site.token(), learning.leaf, version, learning.split_root, terms, proof)
    found = {"model": to_hex(learning.model.model_id), "token": site.token(), "sunset": learning.sunset, "tx": tx}
    when = options.written_moment(learning.sunset)
    output.show(found, as_json, f"The model takes no new orders in this token from {when} on.")


def model_named(site: Site, text: str) -> Model:
    """The model whose id is, or begins like, `text`. Raises NotFound, and InvalidInput where several do."""
    wanted = text.lower().split("…")[0]
    if len(wanted) < 10 or not wanted.startswith("0x"):
        raise InvalidInput(f"{text!r} is not the id of a model.", "Write 0x and at least its first 8 hex digits.")
    found = [model for model in site.reader.models() if to_hex(model.model_id).startswith(wanted)]
    if not found:
        raise NotFound(f"Model {text} is not registered on this chain.", "`contrafact models list` shows them.")
    if len(found) > 1:
        raise InvalidInput(f"The ids of {len(found)} models begin like {text}.", "Write the whole id.")
    return found[0]


def _prove(site: Site, model: Model, manifest: Manifest, work: str, out: Path, as_json: bool) -> None:
    _, content = naming.training_work(site, site.licences(), work)
    proof = manifest_proofs.prove(model.model_id, manifest, content)
    proof.require(model.manifest)
    out.write_bytes(proof.to_bytes())
    said = (_sentence(proof), f"The proof is in {out}; anybody checks it with: contrafact models verify-proof {out}")
    output.show(_proved(proof) | {"proof": str(out)}, as_json, *said)


def _proved(proof: manifest_proofs.ManifestProof) -> dict[str, object]:
    learnt = isinstance(proof, Membership)
    return {"model": to_hex(proof.model_id), "content": to_hex(proof.content), "learnt": learnt}


def _sentence(proof: manifest_proofs.ManifestProof) -> str:
    model, content = to_hex(proof.model_id), to_hex(proof.content)
    if isinstance(proof, Membership):
        return f"The model {model} learnt from {content}, registered by {proof.leaf.registrant}."
    return f"The model {model} learnt from no work with the content {content}."


def _learning(site: Site, licences: Licences, model: Model, registrant: str | None, content: bytes) -> Learning:
    found, unknown = learnt_from(content, registrant, [model], licences, site.store, site.connection.head())
    if unknown:
        read_manifest(model, site.store)  # raises what is wrong with it
    if not found:
        raise NotFound("The model did not learn from this work.", "`contrafact works show WORK` says which did.")
    return found[0]


def _is_registered(site: Site, licences: Licences, learning: Learning) -> bool:
    work_id = licences.registry.work_id(learning.leaf.registrant, learning.leaf.content)
    return any(work.work_id == work_id for work in licences.works)


def _materialise(site: Site, licences: Licences, learning: Learning, writer: registration.CollectionRegistrar) -> None:
    """The contract reads the work's terms from the catalogue, where a work of a collection is not of itself."""
    leaf = learning.leaf
    anchor = next(a for a in licences.anchored if (a.licensor, a.root) == (leaf.registrant, leaf.collection))
    if anchor.withdrawn is not None:
        text = "The work's collection was withdrawn, so that its terms cannot be shown to the contract any more."
        raise NotPermitted(text, "A licensor brings the work onto the chain before it withdraws the collection.")
    document = read_collection(anchor, site.store)
    registration.materialise(leaf.registrant, document, leaf.content, site.store, writer)
