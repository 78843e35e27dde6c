"""The `contrafact` command. Every subcommand takes `--json`; errors say what to do, with an exit code by kind."""

from __future__ import annotations

import sys

import typer

from contrafact.cli import audits, deploys, models, orders, output, terms, works
from contrafact.errors import ContrafactError

app = typer.Typer(
    name="contrafact",
    help="A ledger for generative music: every borrowed note is measured, recorded and paid for.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("deploy")(deploys.deploy)
app.add_typer(works.app, name="works")
app.add_typer(terms.app, name="terms")
app.add_typer(models.app, name="models")
app.command("quote")(orders.quote)
app.command("order")(orders.order)
app.command("refund")(orders.refund)
app.command("claim")(orders.claim)
app.command("audit")(audits.audit)
app.command("replay")(audits.replay)


def main() -> None:
    """Runs the command; a ContrafactError becomes a message and its exit code."""
    try:
        app()
    except ContrafactError as error:
        output.show_error(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
