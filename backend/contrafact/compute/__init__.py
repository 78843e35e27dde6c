"""Generating and rendering in worker processes, on this machine or on a cluster, behind the same ports as here."""
