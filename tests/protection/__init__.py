"""Protected content: encryption, releases, takedown."""
