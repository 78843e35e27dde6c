"""CAR files, held against readers of other libraries."""

from __future__ import annotations

import os
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contrafact.errors import InvalidInput, WrongBytes
from contrafact.records.car import read_car, write_car

from .fake_kubo import raw_cid

CONTENTS = [b"record", os.urandom(70_000), b"\0", os.urandom((1 << 20) + 7)]


def car_of(contents: list[bytes], roots: int = 1) -> bytes:
    file = BytesIO()
    write_car(file, [raw_cid(data) for data in contents[:roots]], contents)
    return file.getvalue()


@pytest.mark.parametrize("roots", [0, 1, 2, 4])
def test_what_is_written_is_what_another_library_reads(roots: int) -> None:
    import ipld_car

    found_roots, blocks = ipld_car.decode(car_of(CONTENTS, roots))
    assert [root.encode("base32") for root in found_roots] == [raw_cid(data) for data in CONTENTS[:roots]]
    assert [(name.encode("base32"), bytes(data)) for name, data in blocks] == [
        (raw_cid(data), data) for data in CONTENTS
    ]


@pytest.mark.parametrize("roots", [0, 1, 4])
def test_what_another_library_writes_is_read(roots: int) -> None:
    import ipld_car
    from multiformats import CID

    blocks = [(CID.decode(raw_cid(data)), data) for data in CONTENTS]
    written = bytes(ipld_car.encode([name for name, _ in blocks[:roots]], blocks))
    assert written == car_of(CONTENTS, roots)
    found, contents = read_car(BytesIO(written))
    assert (list(found), list(contents)) == ([raw_cid(data) for data in CONTENTS[:roots]], CONTENTS)


def test_a_changed_block_is_refused() -> None:
    data = bytearray(car_of([b"record", b"notes"]))
    data[-1] ^= 1
    contents = read_car(BytesIO(bytes(data)))[1]
    assert next(contents) == b"record"
    with pytest.raises(WrongBytes, match=raw_cid(b"notes")):
        next(contents)


@pytest.mark.parametrize("cut", [0, 1, 30, 60, 70, 100])
def test_a_file_that_breaks_off_is_refused(cut: int) -> None:
    whole = car_of([b"record" * 20])
    with pytest.raises(InvalidInput):
        list(read_car(BytesIO(whole[:cut]))[1])


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused_in_order(data: bytes) -> None:
    with suppress(InvalidInput, WrongBytes):
        list(read_car(BytesIO(data))[1])
