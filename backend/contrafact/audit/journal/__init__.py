"""The auditor's own notes: what the chain said of orders, and what was judged of it, in an SQLite file.

They keep an audit's memory flat, however many orders there are, and let one that was interrupted go on.
"""

from __future__ import annotations

from contrafact.audit.journal.book import Journal as Journal
from contrafact.audit.journal.book import pinned_block as pinned_block
