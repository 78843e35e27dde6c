"""Content stores: where documents, events and audio lie under their own digests."""
