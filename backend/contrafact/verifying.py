"""A file found in the wild: its certificate, its record, its order, and who was paid for it."""
