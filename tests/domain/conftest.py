"""Hypothesis without a clock: the machine may be busy, and no fact of the domain is about time."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("domain", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("domain")
