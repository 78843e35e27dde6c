"""What every content store does. Runs on a folder, on the fake of Kubo, and on a daemon where one is named."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from contrafact.errors import InvalidInput, NotFound, Withdrawn
from contrafact.ports import ContentStore, KeptStore

from .fake_kubo import raw_cid

CHUNK, BLOCK = 256 << 10, 1 << 20
SIZES = [0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_put_comes_back_under_its_raw_cid(store: ContentStore, size: int) -> None:
    data = os.urandom(size)
    name = store.put(data)
    assert name == raw_cid(data)
    assert store.has(name)
    assert store.get(name) == data


@pytest.mark.parametrize("size", [10, BLOCK + 1])
def test_putting_twice_is_harmless(store: ContentStore, size: int) -> None:
    data = os.urandom(size)
    assert store.put(data) == store.put(data)
    assert store.get(raw_cid(data)) == data


def test_what_was_never_put_is_not_there(store: ContentStore) -> None:
    assert not store.has(raw_cid(os.urandom(32)))


def test_contents_do_not_disturb_each_other(store: ContentStore) -> None:
    contents = [os.urandom(n) for n in (5, 6, BLOCK + 5, BLOCK + 6)]
    names = [store.put(data) for data in contents]
    assert [store.get(name) for name in names] == contents


@pytest.mark.parametrize("size", [4000, BLOCK + 4000])
def test_concurrent_writers_of_the_same_content_all_succeed(store: ContentStore, size: int) -> None:
    data = os.urandom(size)
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: store.put(data), range(16)))
    assert names == {raw_cid(data)}
    assert store.get(raw_cid(data)) == data


@pytest.mark.parametrize(
    "name",
    [
        "",
        "record.json",
        "../../etc/passwd",
        "/etc/passwd",
        "bafkrei/../../x",
        "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKmpQQ",  # CIDv0
        "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",  # dag-pb
        raw_cid(b"x").upper(),
        "b" + raw_cid(b"x")[1:].upper(),
        raw_cid(b"x") + "=",
        raw_cid(b"x") + "\n",
        raw_cid(b"x")[:-1],
        "\0",
    ],
)
def test_a_name_that_is_not_a_raw_cid_is_refused(store: ContentStore, name: str) -> None:
    with pytest.raises(InvalidInput):
        store.get(name)
    with pytest.raises(InvalidInput):
        store.has(name)


def test_reading_what_is_not_there_says_so_and_names_it(store: ContentStore) -> None:
    name = raw_cid(os.urandom(32))
    with pytest.raises(NotFound, match=name):
        store.get(name)


NOTICE = b'{"reason":"by order of a court"}'


@pytest.mark.parametrize("size", [1000, BLOCK + 1])
def test_what_is_withdrawn_is_given_out_no_more_and_its_notice_is(store: KeptStore, size: int) -> None:
    data = os.urandom(size)
    name, other = store.put(data), store.put(b"other")
    assert store.notice(name) is None
    store.withdraw(name, NOTICE)
    with pytest.raises(Withdrawn, match=name) as error:
        store.get(name)
    assert (error.value.notice, store.notice(name)) == (NOTICE, NOTICE)
    assert not store.has(name)
    assert store.get(other) == b"other"


@pytest.mark.parametrize("size", [1000, BLOCK + 1])
def test_withdrawn_content_comes_back_only_if_it_is_restored(store: KeptStore, size: int) -> None:
    data = os.urandom(size)
    name = store.put(data)
    store.withdraw(name, NOTICE)
    with pytest.raises(Withdrawn):
        store.put(data)
    assert not store.has(name)
    assert store.restore(data) == name
    assert (store.get(name), store.notice(name)) == (data, None)


def test_withdrawing_again_or_what_was_never_there_is_harmless(store: KeptStore) -> None:
    name = raw_cid(os.urandom(32))
    for notice in (b"first", b"second"):
        store.withdraw(name, notice)
    assert store.notice(name) == b"second"
    with pytest.raises(Withdrawn):
        store.get(name)


def test_pinning_what_is_not_there_says_so(store: KeptStore) -> None:
    store.pin(store.put(b"pinned"))
    with pytest.raises(NotFound):
        store.pin(raw_cid(os.urandom(32)))
