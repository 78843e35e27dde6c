"""An operator's bond, for machines and for people."""

from __future__ import annotations

from contrafact.cli import options, output
from contrafact.wiring import Site


def show_bond(site: Site, operator: str, as_json: bool) -> None:
    """Prints the bond in the settings' token."""
    output.show(bond_document(site, operator), as_json, output.details(bond_rows(site, operator)))


def bond_document(site: Site, operator: str) -> dict[str, object]:
    """Amounts in units of the token, as strings; times in seconds since the epoch."""
    token = site.token()
    bond, (leaving, ready) = site.reader.bond(operator, token), site.reader.withdrawal(operator, token)
    return {
        "operator": operator,
        "token": token,
        "bond": str(bond.amount),
        "locked": str(bond.locked),
        "free": str(bond.free),
        "withdrawing": str(leaving),
        "withdrawable_from": ready,
    }


def bond_rows(site: Site, operator: str) -> list[tuple[str, str]]:
    """The same as names and values."""
    token = site.token()
    bond, (leaving, ready) = site.reader.bond(operator, token), site.reader.withdrawal(operator, token)
    money = site.currency(token).format
    rows = [
        ("operator", operator),
        ("bond", money(bond.amount)),
        ("covers open orders", money(bond.locked)),
        ("free", money(bond.free)),
    ]
    if leaving:
        rows.append(("being withdrawn", f"{money(leaving)}, from {options.written_moment(ready)}"))
    return rows
