"""Running the service: what starts and stops it, and what it says of itself in logs, metrics and health."""
