"""Certificates: what a delivered audio file carries, signed by its operator (C2PA). Speaks to no chain."""
