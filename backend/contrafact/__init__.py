"""Contrafact: a ledger for generative music in which every borrowed note is measured, recorded and paid for."""
