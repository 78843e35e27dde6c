"""The runner: an operator's paid orders, each brought to its end. The chain is the queue.

The database keeps only what neither the chain nor the order's folder knows: whose turn it is, and what hindered it.
"""
