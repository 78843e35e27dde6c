"""What the settings say of the way to the chain, and of whose keys sign."""

from __future__ import annotations

from typing import Literal

from contrafact.keys import Passphrase, load_key
from contrafact.ledger.connection import Connection
from contrafact.ledger.fees import GWEI
from contrafact.ledger.networks import read_networks
from contrafact.ledger.policy import Policy
from contrafact.ledger.signer import Signer
from contrafact.settings import Settings

KeySetting = Literal["key_file", "operator_key_file"]


def open_connection(settings: Settings, chain_id: int | None = None) -> Connection:
    """The chain of the settings. Raises ChainError where it is another than `chain_id`; see `Connection.open`."""
    return Connection.open(settings.rpc_url, chain_id, policy(settings))


def policy(settings: Settings) -> Policy:
    """How the settings want the chain asked and paid. Raises NotFound and InvalidInput for the file of networks."""
    return Policy(
        confirmations=settings.confirmations,
        max_fee=int(settings.max_fee_gwei * GWEI),
        replace_seconds=settings.replace_seconds,
        transaction_seconds=settings.transaction_seconds,
        poll_seconds=settings.poll_seconds,
        request_seconds=settings.request_seconds,
        agree=settings.rpc_agreement,
        journal=settings.home / "transactions",
        networks=read_networks(settings.networks_file),
    )


def signer(settings: Settings, setting: KeySetting) -> Signer:
    """The account of a key file in the settings; see `load_key`."""
    path = settings.key_file if setting == "key_file" else settings.operator_key_file
    return load_key(path, setting, passphrase(settings, setting))


def passphrase(settings: Settings, setting: KeySetting) -> Passphrase:
    """Where the passphrase comes from, if that file is a keystore."""
    if setting == "key_file":
        return Passphrase(settings.key_passphrase, settings.key_passphrase_file)
    return Passphrase(settings.operator_key_passphrase, settings.operator_key_passphrase_file)
