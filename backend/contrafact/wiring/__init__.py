"""Everything put together: the one place that knows which implementation stands behind a port."""

from contrafact.wiring.site import Site, require_service

__all__ = ["Site", "require_service"]
