"""The training pool from its users' side: an epoch is computed, published, closed and claimed.

    EpochCloser(ledger, writer, store, sharing, home).close(model, token)   # by the model's registrant
    claimable(ledger, store, holder)                                        # what anybody can have sent to a holder

What an epoch consists of and how it is shared follows from the chain, the training manifest and published documents
alone (`contrafact.domain.epochs`), so the audit computes it again.
"""

from __future__ import annotations

from contrafact.pooling.claiming import Part, claimable
from contrafact.pooling.closing import Closed, EpochCloser
from contrafact.pooling.records import published, require_published
from contrafact.pooling.sharing import Sharing

__all__ = ["Closed", "EpochCloser", "Part", "Sharing", "claimable", "published", "require_published"]
