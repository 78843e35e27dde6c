"""The FAKE of Kubo against CIDs that are published or that follow from the CID specification alone."""

from __future__ import annotations

import hashlib

import pytest
from multiformats import CID

from contrafact.domain.digests import cid, sha256

from .fake_kubo import raw_cid, unixfs_root


def test_the_fakes_block_cid_is_the_published_one_of_hello_world() -> None:
    # `echo "hello world" | ipfs add --cid-version=1`, in Kubo's own documentation.
    assert raw_cid(b"hello world\n") == "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4"


@pytest.mark.parametrize("size", [0, 1, 256 << 10])
def test_up_to_one_chunk_a_file_is_the_raw_block_of_its_bytes(size: int) -> None:
    data = bytes(size)
    assert unixfs_root(data) == raw_cid(data) == cid(sha256(data))


def test_above_one_chunk_the_root_links_the_raw_chunks() -> None:
    """UnixFS: the root of a file of two chunks is a dag-pb block with two links, in fixed bytes."""
    chunks = [b"a" * (256 << 10), b"b" * 7]
    links = b"".join(_link(chunk) for chunk in chunks)
    sizes = b"".join(b"\x20" + _varint(len(chunk)) for chunk in chunks)
    unixfs = b"\x08\x02\x18" + _varint(sum(map(len, chunks))) + sizes
    block = links + b"\x0a" + _varint(len(unixfs)) + unixfs
    root = CID.decode(unixfs_root(b"".join(chunks)))
    assert root.codec.name == "dag-pb"
    assert root.raw_digest == hashlib.sha256(block).digest()


def _link(chunk: bytes) -> bytes:
    name = b"\x01\x55\x12\x20" + hashlib.sha256(chunk).digest()
    body = b"\x0a" + _varint(len(name)) + name + b"\x12\x00\x18" + _varint(len(chunk))
    return b"\x12" + _varint(len(body)) + body


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])
