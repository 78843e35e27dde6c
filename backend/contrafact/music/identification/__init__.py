"""Identification: which work is this file? By its bytes and tokens, by an audio fingerprint, and by its melody.

`works.WorkIdentification` puts them together; `coverage` says which works a piece of many sources is made of.
"""
