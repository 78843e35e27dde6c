"""Audio embeddings: recordings as vectors in which versions of one tune lie close together."""
