"""Everything put together: the one place that knows which implementation stands behind a port."""

from contrafact.wiring.site import Site

__all__ = ["Site"]
