"""CAR files (content-addressed archives, version 1) of raw blocks: contents in one file that any IPFS tool reads.

A file is a header, then blocks, each behind its length as a varint. The header is DAG-CBOR of `{roots, version: 1}`,
written and read here for up to 23 roots, which is all that an order's evidence needs of that format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from contrafact.domain.digests import cid, digest_of_cid, sha256
from contrafact.errors import InvalidInput, WrongBytes

_PREFIX = bytes([0x01, 0x55, 0x12, 0x20])  # CIDv1, raw, sha2-256, 32 bytes
_CID_BYTES = 36
_ROOTS, _VERSION, _LINK = b"\xa2\x65roots", b"\x67version\x01", b"\xd8\x2a\x58\x25\x00"
_BLOCK_LIMIT = (256 << 20) + _CID_BYTES
_HINT = "Expected a CAR file, version 1, as `contrafact content export` writes it."


def write_car(file: BinaryIO, roots: Sequence[str], contents: Iterable[bytes]) -> None:
    """Writes the header and one raw block for each content. Raises InvalidInput for more than 23 roots."""
    if len(roots) > 23:
        raise InvalidInput(f"{len(roots)} roots are too many for one file.", "At most 23.")
    links = b"".join(_LINK + _PREFIX + digest_of_cid(root) for root in roots)
    header = _ROOTS + bytes([0x80 + len(roots)]) + links + _VERSION
    file.write(_varint(len(header)) + header)
    for data in contents:
        file.write(_varint(_CID_BYTES + len(data)) + _PREFIX + sha256(data))
        file.write(data)


def read_car(file: BinaryIO) -> tuple[tuple[str, ...], Iterator[bytes]]:
    """The roots, and the contents, each held against its CID as it is read.

    Raises InvalidInput for what is no such file, or breaks off, and WrongBytes for a block of other bytes.
    """
    length = _read_varint(file)
    if length is None:
        raise InvalidInput("The file is empty.", _HINT)
    return _roots(_exactly(file, length)), _blocks(file)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while (length := _read_varint(file)) is not None:
        block = _exactly(file, length)
        named, data = block[:_CID_BYTES], block[_CID_BYTES:]
        if named[:4] != _PREFIX:
            raise InvalidInput("The file holds a block that is not raw SHA-256.", _HINT)
        if sha256(data) != named[4:]:
            raise WrongBytes(f"The file holds other bytes for {cid(named[4:])}.", "Get the file again.")
        yield data


def _roots(header: bytes) -> tuple[str, ...]:
    body = header.removeprefix(_ROOTS).removesuffix(_VERSION)
    size = len(_LINK) + _CID_BYTES
    whole = len(header) == len(body) + len(_ROOTS) + len(_VERSION) and body and len(body) == 1 + (body[0] - 0x80) * size
    links = [body[at : at + size] for at in range(1, len(body), size)] if whole else []
    if not whole or any(not link.startswith(_LINK + _PREFIX) for link in links):
        raise InvalidInput("The file does not begin as a CAR file with raw roots does.", _HINT)
    return tuple(cid(link[-32:]) for link in links)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _read_varint(file: BinaryIO) -> int | None:
    """The next length; None at the end of the file."""
    value = shift = 0
    while byte := file.read(1):
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            if value > _BLOCK_LIMIT:
                break
            return value
        shift += 7
        if shift > 35:
            break
    if not byte and shift == 0:
        return None
    raise InvalidInput("The file breaks off, or holds a block that is too large.", _HINT)


def _exactly(file: BinaryIO, length: int) -> bytes:
    data = file.read(length)
    if len(data) != length or not length:
        raise InvalidInput("The file breaks off in the middle of a block.", "Get it again, whole.")
    return data
