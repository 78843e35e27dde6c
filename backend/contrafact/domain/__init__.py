"""What is true without any I/O: digests, works, terms, orders, shares, settlement, splits, records."""
