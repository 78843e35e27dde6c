"""Is influence true: estimates held against models that were trained again without the works."""
