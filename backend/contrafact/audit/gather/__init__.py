"""Gathering evidence: the only part of the audit that speaks to a chain, a store or a tool."""
