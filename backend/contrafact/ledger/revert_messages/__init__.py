"""What each custom error of the contracts means for a person: its kind, a message, and what to do.

The one table from which reverts become errors. `{name}` stands for the error's argument of that name.
"""

from contrafact.ledger.revert_messages import accounts, authority, disputes, libraries, licensing, orders, works
from contrafact.ledger.revert_messages.kinds import Meaning as Meaning

MEANINGS: dict[str, Meaning] = {
    **works.MEANINGS,
    **licensing.MEANINGS,
    **orders.MEANINGS,
    **accounts.MEANINGS,
    **disputes.MEANINGS,
    **authority.MEANINGS,
    **libraries.MEANINGS,
}
