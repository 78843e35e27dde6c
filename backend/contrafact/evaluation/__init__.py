"""Is the attribution true? Experiments on generated pieces, each with its interval, target and baselines."""
