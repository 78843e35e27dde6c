"""The `contrafact` command. Every subcommand takes `--json`; errors say what to do, with an exit code by kind."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from contrafact.cli import (
    audit_bench,
    audits,
    backups,
    benches,
    certificates,
    chain_bench,
    challenges,
    claims,
    collections,
    composing,
    configuration,
    consent_fines,
    consents,
    contents,
    deploy_checks,
    deploys,
    evaluations,
    galleries,
    generation_bench,
    identifying,
    index_bench,
    indexes,
    influences,
    jobs,
    licences,
    mints,
    models,
    networks,
    operator_work,
    operators,
    orders,
    output,
    page_bench,
    pool_bench,
    pools,
    quotes,
    reader_keys,
    rulings,
    service_bench,
    serving,
    shares,
    similar,
    statements,
    storage,
    terms,
    verifying,
    works,
)
from contrafact.cli.failures import readable
from contrafact.errors import ContrafactError, Interrupted

_EPILOG = (
    "Where the chain, the contracts and the content are, and whose keys sign, is said by options, by the environment"
    " (CONTRAFACT_RPC_URL …) or by the file contrafact.toml. Exit codes: 0 done, 1 other error, 2 unusable input,"
    " 3 not found, 4 not permitted, 5 payment, 6 chain, 7 content store, 8 no replay, 9 bounds not kept,"
    " 10 audit failed, 11 audit incomplete, 12 replay not identical, 13 a check of a deployment, a node"
    " or a content store failed, 14 database, 15 a worker was lost, 16 another process works on it,"
    " 17 the service did not end in time, a verified file is 20 altered, 21 re-encoded, 22 transplanted, 23 stripped,"
    " 24 forged, 25 unknown, 26 not to be decided, 130 interrupted."
)

app = typer.Typer(
    name="contrafact",
    help="A ledger for generative music: every borrowed note is measured, recorded and paid for.",
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
_HOLDERS, _MAKERS, _AUDITORS, _OPERATORS = "Rights holders", "Music makers", "Auditors", "Operators"
app.add_typer(works.app, name="works", rich_help_panel=_HOLDERS)
app.add_typer(collections.app, name="collections", rich_help_panel=_HOLDERS)
app.add_typer(terms.app, name="terms", rich_help_panel=_HOLDERS)
app.command("claim", rich_help_panel=_HOLDERS)(claims.claim)
app.command("identify", rich_help_panel=_HOLDERS)(identifying.identify)
app.add_typer(statements.app, name="statement", rich_help_panel=_HOLDERS)
app.command("quote", rich_help_panel=_MAKERS)(quotes.quote)
app.command("order", rich_help_panel=_MAKERS)(orders.order)
app.command("export", rich_help_panel=_OPERATORS)(certificates.export)
app.command("licence", rich_help_panel=_MAKERS)(licences.licence)
app.command("refund", rich_help_panel=_MAKERS)(orders.refund)
app.command("mint", rich_help_panel=_MAKERS)(mints.mint)
app.command("audit", rich_help_panel=_AUDITORS)(audits.audit)
app.command("replay", rich_help_panel=_AUDITORS)(audits.replay)
app.command("verify", rich_help_panel=_AUDITORS)(verifying.verify)
app.command("shares", rich_help_panel=_AUDITORS)(shares.shares)
app.command("influence", rich_help_panel=_AUDITORS)(influences.influence)
app.command("similar", rich_help_panel=_AUDITORS)(similar.similar)
challenges.app.command("status")(rulings.status)
challenges.app.command("rule")(rulings.rule)
app.add_typer(challenges.app, name="challenge", rich_help_panel=_AUDITORS)
consents.app.command("stop")(consent_fines.stop)
consents.app.command("fine")(consent_fines.fine)
app.add_typer(consents.app, name="consent", rich_help_panel=_AUDITORS)
deploys.app.command("check")(deploy_checks.check)
deploys.app.command("verify-input")(deploy_checks.verify_input)
deploys.app.command("clear-signing")(deploy_checks.clear_signing)
app.add_typer(deploys.app, name="deploy", rich_help_panel=_OPERATORS)
app.add_typer(networks.app, name="network", rich_help_panel=_OPERATORS)
operators.app.command("status")(operator_work.status)
operators.app.command("resume")(operator_work.resume)
operators.app.command("run")(jobs.run)
app.add_typer(jobs.app, name="jobs", rich_help_panel=_OPERATORS)
operators.app.add_typer(certificates.app, name="certificate")
app.add_typer(operators.app, name="operator", rich_help_panel=_OPERATORS)
contents.app.command("withdraw")(storage.withdraw)
contents.app.command("check")(storage.check)
contents.app.command("pin")(storage.pin)
contents.app.command("export")(storage.export)
app.add_typer(contents.app, name="content", rich_help_panel=_OPERATORS)
app.add_typer(reader_keys.app, name="keys", rich_help_panel=_HOLDERS)
app.add_typer(models.app, name="models", rich_help_panel=_OPERATORS)
app.add_typer(pools.app, name="pool", rich_help_panel=_HOLDERS)
benches.app.command("audit")(audit_bench.audit)
benches.app.command("chain")(chain_bench.chain)
benches.app.command("pages")(page_bench.pages)
benches.app.command("pool")(pool_bench.pool)
app.add_typer(indexes.app, name="index", rich_help_panel=_OPERATORS)
benches.app.command("index")(index_bench.index)
benches.app.command("service")(service_bench.service)
benches.app.command("generate")(generation_bench.generate)
app.command("serve", rich_help_panel=_OPERATORS)(serving.serve)
app.command("backup", rich_help_panel=_OPERATORS)(backups.backup)
app.command("restore", rich_help_panel=_OPERATORS)(backups.restore)
app.command("settings", rich_help_panel=_OPERATORS)(configuration.settings)
app.command("compose", rich_help_panel="Developers")(composing.compose)
app.command("gallery", rich_help_panel="Developers")(galleries.gallery)
app.add_typer(evaluations.app, name="evaluate", rich_help_panel=_AUDITORS)
app.add_typer(benches.app, name="bench", rich_help_panel="Developers")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"contrafact {version('contrafact')}")
        raise typer.Exit


@app.callback()
def _all_commands(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command and exits; what goes wrong becomes a message on standard error and an exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(given, prog_name="contrafact", standalone_mode=False)
        if code == Interrupted.exit_code:  # that is what the framework makes of Ctrl-C
            raise Interrupted()
    except (ContrafactError, typer.TyperException, OSError) as raised:
        error = readable(raised)
        if error.message:  # none for a command that was given nothing to do, and printed its help
            output.show_error(error, as_json="--json" in given)
        code = error.exit_code
    sys.exit(code if isinstance(code, int) else 0)
