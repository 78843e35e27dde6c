"""Why a royalty account was credited."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """An order's settlement, its raise to a wider use, later revenue, a challenge, a fine, or a ruling on a work."""

    SETTLEMENT = "settlement"
    RAISE = "raise"
    REVENUE = "revenue"
    CHALLENGE = "challenge"
    FINE = "fine"
    RULING = "ruling"
