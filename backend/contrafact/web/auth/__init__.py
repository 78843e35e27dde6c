"""Signing in with a wallet (EIP-4361), and knowing who asks."""
