"""Steps that are done once more whenever their command is given: deposits, withdrawals, minting."""

from __future__ import annotations

from contrafact.cli import output
from contrafact.errors import ChainError
from contrafact.ledger.signer import Signer
from contrafact.ledger.writer import Writer
from contrafact.wiring import Site


def writer(site: Site, account: Signer) -> Writer:
    """The account's writer, for such a step.

    Raises ChainError where an earlier run's transaction had to be brought to its end first: whoever repeats a command
    that was interrupted would pay twice.
    """
    if count := site.connection.recover(account):
        text = f"{output.counted(count, 'transaction')} of an earlier run had to be brought to its end first."
        raise ChainError(text, "If that was what you ask for, all is done. Otherwise give the command again.")
    return site.writer(account)
