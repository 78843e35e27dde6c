"""The suites of the ports, each run on every implementation."""
