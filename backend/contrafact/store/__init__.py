"""The read model: a database, the indexer that fills it from the chain's events, and jobs. Always to be rebuilt from
chain and store.
"""
