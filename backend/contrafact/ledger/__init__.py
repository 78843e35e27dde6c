"""The chain client: artifacts, connection, typed errors, reads, writes, deployments, signatures."""
