"""Whether, and from which account, the service sends what makers have signed."""

from __future__ import annotations

from contrafact.ledger.relaying import Relayer
from contrafact.ledger.signer import Signer
from contrafact.wiring.site import Site


def relay_of(site: Site, operator: Signer) -> Relayer | None:
    """The operator's relay; None where the settings want none. Raises InvalidInput as `Site.operator_of`."""
    if not site.settings.relay:
        return None
    return Relayer(site.connection, operator, site.operator_of(operator))
