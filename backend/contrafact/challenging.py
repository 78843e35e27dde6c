"""Challenging a commit that a replay contradicts, and following the ruling."""
