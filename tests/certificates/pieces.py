"""A short piece in every format, an operator's account, and what a certificate says of the piece."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from functools import cache

import numpy as np
import soundfile
from eth_account import Account as Key
from eth_account.signers.local import LocalAccount
from numpy.typing import NDArray

from contrafact.certificates import MEDIA_TYPES, authority, credential
from contrafact.certificates.credential import Account, Credential
from contrafact.certificates.formats import converted
from contrafact.domain.addresses import checksummed
from contrafact.domain.certificate_binding import Binding
from contrafact.domain.certificates import Certificate, CertifiedSource

CHAIN, ESCROW = 31337, checksummed("0x" + "c5" * 20)
OPERATOR: LocalAccount = Key.from_key(b"\x11" * 32)
SOMEBODY: LocalAccount = Key.from_key(b"\x22" * 32)
RATE = 48_000
PCM = np.random.default_rng(7).normal(0, 3000, (RATE // 2, 2)).astype(np.int16)


def signing(key: LocalAccount) -> Callable[[Binding], bytes]:
    return lambda binding: bytes(key.sign_message(binding.message()).signature)


def account(key: LocalAccount = OPERATOR, operator: LocalAccount | None = None) -> Account:
    """An operator's account; its bindings are signed with `key`."""
    return Account((operator or key).address, key.address, CHAIN, ESCROW, signing(key))


def new_credential(whose: Account | None = None, days: int = 30, now: datetime | None = None) -> Credential:
    whose = whose or account()
    begun = now or datetime.now().astimezone()
    return credential.make(authority.new_authority(whose.operator, begun), whose, days, begun)


def claims(operator: str = OPERATOR.address) -> Certificate:
    first, second = ("Sí Bheag, Sí Mhór", 500_000), ("Reel", 350_000)
    return Certificate(
        chain_id=CHAIN,
        contract=ESCROW,
        order_id=b"\x01" * 32,
        record=b"\x02" * 32,
        pcm=b"\x03" * 32,
        licence=b"\x05" * 32,
        model_id=b"\x04" * 32,
        operator=operator,
        use="private",
        base_share=150_000,
        sources=(CertifiedSource(b"\x05" * 32, *first), CertifiedSource(b"\x06" * 32, *second)),
    )


@cache
def piece(kind: str, backwards: bool = False) -> bytes:
    """The piece as `flac`, `wav` or `mp3`; encoded once."""
    flac = io.BytesIO()
    soundfile.write(flac, PCM[::-1] if backwards else PCM, RATE, format="FLAC", subtype="PCM_16")
    return converted(flac.getvalue(), kind)


def heard(audio: bytes) -> NDArray[np.int16]:
    """The samples that a player hears."""
    samples, rate = soundfile.read(io.BytesIO(audio), dtype="int16", always_2d=True)
    assert rate == RATE
    return np.asarray(samples)


KINDS = tuple(MEDIA_TYPES)
