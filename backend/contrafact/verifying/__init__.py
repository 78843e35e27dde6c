"""From a file found anywhere to its record, its sources and what they were paid, over ports alone.

report = verify(data, tools)      # tools: a chain, a store, a reader of certificates, an ear, the pieces by sound

Whatever of the tools is missing, the rest is done, and the report says what was not checked.
"""

from __future__ import annotations

from contrafact.verifying.made_here import made_here
from contrafact.verifying.orders import Order
from contrafact.verifying.ports import Certificates, Ear, Gap, Pieces, Signed, Sound, Tools, VerifiedLedger
from contrafact.verifying.report import Report
from contrafact.verifying.verdicts import Verdict
from contrafact.verifying.verification import verify

__all__ = [
    "Certificates",
    "Ear",
    "Gap",
    "Order",
    "Pieces",
    "Report",
    "Signed",
    "Sound",
    "Tools",
    "Verdict",
    "VerifiedLedger",
    "made_here",
    "verify",
]
