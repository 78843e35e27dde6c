"""What stands around every request: its id, headers, limits on size and rate. Plain ASGI."""
