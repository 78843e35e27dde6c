"""The pure domain: facts about money, shares, digests and documents, tried on many inputs."""
