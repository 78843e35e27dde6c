"""`contrafact consent`: works that a model learnt from without consent, proved or asked for on the chain."""

from __future__ import annotations

from typing import Annotated

import typer

from contrafact.cli import options, output
from contrafact.cli.manifests import ModelId, model_named
from contrafact.consent import Case
from contrafact.domain.consent_proofs import Consent, NoConsent
from contrafact.domain.digests import to_hex
from contrafact.domain.inquiries import ConsentStatus
from contrafact.domain.terms import NATIVE
from contrafact.errors import NotFound, NotPermitted
from contrafact.ledger.consent_writer import ConsentWriter
from contrafact.settings import load
from contrafact.wiring import Site
from contrafact.wiring.access import signer
from contrafact.wiring.consents import cases, consent_reader, consent_writer

app = typer.Typer(
    help="Find works that a model learnt from without consent, prove or ask for it, and let the model be stopped.",
    no_args_is_help=True,
)

LearntWork = Annotated[
    str, typer.Argument(metavar="WORK", help="A training work's id or content's SHA-256, or its first 8 hex digits.")
]


@app.command()
def check(
    model: ModelId,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    as_json: options.Json = False,
) -> None:
    """Lists the works that the model learnt from without consent, as the audit finds them, and what shows it."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store))
    found = cases(site, model_named(site, model))
    rows = [described(case) | {"reason": reason, "proof": _proof(case)} for case, reason in found.suspected()]
    cells = [(output.short(r["work"]), r["reason"], r["proof"], r["status"]) for r in rows]
    title = f"{len(rows)} of {output.counted(len(found.manifest.leaves), 'training work')} lack consent."
    output.show(rows, as_json, title, output.table(("work", "reason", "proof", "at the desk"), cells))


@app.command()
def prove(
    model: ModelId,
    work: LearntWork,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Proves that the model learnt from the work without consent, with what is on the chain. Safe to repeat."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    case, writer = opened(site, model, work)
    if case.inquiry.status is ConsentStatus.MISSING:
        show(case, None, as_json)
        return
    evidence = case.no_consent()
    if evidence is None:
        _refuse_consented(case)
        bond = site.currency(NATIVE).format(consent_reader(site).question_bond())
        text = "Nothing on the chain shows that the work lacks consent: that somebody never gave it has no proof."
        raise NotPermitted(text, f"Ask for it, for a bond of {bond}: contrafact consent question MODEL WORK")
    show(case, writer.prove(case.model, case.leaf, case.proof, evidence), as_json, proof=_named(evidence))


@app.command()
def question(
    model: ModelId,
    work: LearntWork,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Asks for the work's consent, for a bond that comes back unless somebody shows it in time. Safe to repeat."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    case, writer = opened(site, model, work)
    bond = consent_reader(site).question_bond()
    if case.inquiry.status is not ConsentStatus.NONE:
        show(case, None, as_json, bond=str(bond))
        return
    _refuse_consented(case)
    if case.no_consent() is not None:
        text = "That the work's consent is missing can be proved at once, without a bond."
        raise NotPermitted(text, "Prove it: contrafact consent prove MODEL WORK")
    tx = writer.question(case.model, case.leaf, case.proof, bond)
    until = options.written_moment(case.inquiry.answer_until)
    said = f"The bond is {site.currency(NATIVE).format(bond)}; it comes back if nobody shows the consent until {until}."
    show(case, tx, as_json, said, bond=str(bond))


@app.command()
def answer(
    model: ModelId,
    work: LearntWork,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Shows the consent that was asked for; the question's bond goes to who registered the model. Anybody may."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    case, writer = opened(site, model, work)
    if case.inquiry.status is ConsentStatus.ANSWERED:
        show(case, None, as_json)
        return
    require_status(case, ConsentStatus.QUESTIONED, "Nobody has asked for the work's consent, or it is settled.")
    consent = case.consent()
    if consent is None:
        text = "Nothing on the chain or in this content store shows that the work's licensor consented."
        raise NotFound(text, "Get the document of the collection that the work is in, or the members of its list.")
    show(case, writer.answer(case.model, case.leaf, consent), as_json, consent_shown=_shown(consent))


@app.command()
def finish(
    model: ModelId,
    work: LearntWork,
    rpc_url: options.RpcUrl = None,
    deployment: options.DeploymentFile = None,
    store: options.StoreOption = None,
    key_file: options.KeyFile = None,
    as_json: options.Json = False,
) -> None:
    """Ends a question that nobody answered in time: the work is without consent, the bond goes back. Anybody may."""
    site = Site(load(rpc_url=rpc_url, deployment=deployment, store=store, key_file=key_file))
    case, writer = opened(site, model, work)
    if case.inquiry.status is ConsentStatus.MISSING:
        show(case, None, as_json)
        return
    require_status(case, ConsentStatus.QUESTIONED, "No question about the work's consent is open.")
    show(case, writer.finish(case.model, case.leaf), as_json)


_MEANING = {
    ConsentStatus.NONE: "nobody has asked for its consent",
    ConsentStatus.QUESTIONED: "its consent was asked for",
    ConsentStatus.ANSWERED: "its consent was shown",
    ConsentStatus.MISSING: "it is known to be without consent",
}


def opened(site: Site, model: str, work: str) -> tuple[Case, ConsentWriter]:
    """A training work before the contracts, and what sends this key's transactions. Raises what looking up raises."""
    account = signer(site.settings, "key_file")
    writer = consent_writer(site, account)  # what an earlier process left under way counts below
    return cases(site, model_named(site, model)).named(work), writer


def require_status(case: Case, wanted: ConsentStatus, message: str) -> None:
    """Raises NotPermitted, which says how the work stands."""
    status = case.inquiry.status
    if status is not wanted:
        hint = f"As of now, {_MEANING[status]}: `contrafact consent check MODEL` shows what can be done."
        raise NotPermitted(message, hint)


def described(case: Case) -> dict[str, str]:
    """For machines: the work, and how it stands at the desk; `by` whom it was asked for, or found."""
    inquiry = case.inquiry
    known = inquiry.status is not ConsentStatus.NONE
    return {
        "model": to_hex(case.model.model_id),
        "work": to_hex(case.work_id),
        "content": to_hex(case.leaf.content),
        "registrant": case.leaf.registrant,
        "consent": to_hex(case.consent_id),
        "status": str(inquiry.status),
        "by": inquiry.who if known else "",
        "answer_until": str(inquiry.answer_until),
    }


def show(case: Case, tx: str | None, as_json: bool, *said: str, **more: str) -> None:
    """How the work stands now, after the transaction; None where there was nothing left to send."""
    found = described(case)
    by = f" (by {found['by']})" if found["by"] else ""
    status = _MEANING[case.inquiry.status]
    before = "" if tx else " already; nothing was sent"
    title = f"The work {output.short(found['work'])}: {status}{by}{before}."
    output.show(
        found | more | {"tx": tx},
        as_json,
        title,
        *(f"{name.replace(chr(95), chr(32))}: {value}" for name, value in more.items()),
        *said,
    )


def _refuse_consented(case: Case) -> None:
    consent = case.consent()
    if consent is not None:
        text = f"The model had the work's consent: {_shown(consent)}."
        raise NotPermitted(text, "Whoever is asked shows it, and the bond of a question is lost.")


def _proof(case: Case) -> str:
    evidence = case.no_consent()
    return _named(evidence) if evidence else "ask"


def _named(evidence: NoConsent) -> str:
    return "own words" if evidence.version is None else f"version {evidence.version}"


def _shown(consent: Consent) -> str:
    if consent.collection:
        return f"collection {to_hex(consent.collection)}"
    return f"version {consent.version}"
