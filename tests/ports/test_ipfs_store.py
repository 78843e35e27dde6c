"""The IPFS store against a FAKE of Kubo: what it asks for, and what it makes of faults."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from contrafact.errors import InvalidInput, NotFound, StoreError, StoreFull, StoreUnreachable, Withdrawn
from contrafact.records.ipfs import IpfsStore

from .fake_kubo import FakeKubo, Handler, raw_cid, refusal, unixfs_root

LARGE = os.urandom((1 << 20) + 1)
DOCUMENT = b'{"schema":"contrafact/record/1"}'


@pytest.fixture
def store(fake_kubo: FakeKubo) -> IpfsStore:
    return IpfsStore(fake_kubo.address, timeout=1)


def answering(response: Callable[[], Response]) -> Handler:
    async def handler(request: Request) -> Response:
        await request.body()
        return response()

    return handler


def test_a_document_is_one_pinned_raw_block(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    name = store.put(DOCUMENT)
    assert fake_kubo.blocks == {name: DOCUMENT}
    assert fake_kubo.pins == {name}
    assert fake_kubo.files == {}


def test_large_content_is_a_pinned_file_under_its_own_cid(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    name = store.put(LARGE)
    assert name == raw_cid(LARGE)
    assert fake_kubo.files == {f"/contrafact/{name}": unixfs_root(LARGE)}
    assert fake_kubo.pins == {unixfs_root(LARGE)}


@pytest.mark.parametrize("why", ["flush failed", "merkledag: not found"])
def test_a_put_that_broke_off_is_finished_by_the_next(store: IpfsStore, fake_kubo: FakeKubo, why: str) -> None:
    fake_kubo.faults["files/cp"] = answering(lambda: refusal(why))
    with pytest.raises(StoreError, match=why):
        store.put(LARGE)
    assert not store.has(raw_cid(LARGE))
    fake_kubo.faults.clear()
    assert store.get(store.put(LARGE)) == LARGE


def test_a_name_that_points_elsewhere_is_refused_and_mended(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    name = store.put(LARGE)
    forged = LARGE[:-1] + bytes([LARGE[-1] ^ 1])
    fake_kubo.roots[unixfs_root(forged)] = forged
    fake_kubo.files[f"/contrafact/{name}"] = unixfs_root(forged)
    with pytest.raises(StoreError, match=raw_cid(forged)):
        store.get(name)
    store.put(LARGE)
    assert store.get(name) == LARGE


def test_content_of_other_nodes_is_found(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    name = raw_cid(DOCUMENT)
    fake_kubo.network[name] = DOCUMENT
    assert not store.has(name)
    assert store.get(name) == DOCUMENT


def test_a_mirrored_name_whose_blocks_are_elsewhere_is_read_but_not_held(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    name, root = raw_cid(LARGE), unixfs_root(LARGE)
    fake_kubo.files[f"/contrafact/{name}"] = root
    fake_kubo.network[root] = LARGE
    assert not store.has(name)
    assert store.get(name) == LARGE


@pytest.mark.parametrize("wrong", [b"", DOCUMENT[:-1], DOCUMENT + b" ", b"other"])
def test_wrong_bytes_are_refused_naming_both_cids(store: IpfsStore, fake_kubo: FakeKubo, wrong: bytes) -> None:
    name = store.put(DOCUMENT)
    fake_kubo.blocks[name] = wrong
    with pytest.raises(StoreError) as error:
        store.get(name)
    assert name in str(error.value)
    assert raw_cid(wrong) in str(error.value)


def test_a_node_that_stores_under_another_cid_is_refused(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    fake_kubo.faults["block/put"] = answering(lambda: JSONResponse({"Key": raw_cid(b"other"), "Size": 5}))
    with pytest.raises(StoreError, match=raw_cid(b"other")):
        store.put(DOCUMENT)


async def _drip() -> AsyncIterator[bytes]:
    for _ in range(100):
        await asyncio.sleep(0.1)
        yield b"x"


async def _stall() -> AsyncIterator[bytes]:
    yield b"x"
    await asyncio.sleep(5)


BROKEN: dict[str, Callable[[], Response]] = {
    "a server error": lambda: refusal("internal error"),
    "an error page": lambda: PlainTextResponse("bad gateway", 502),
    "forbidden": lambda: PlainTextResponse("403 - Forbidden", 403),
    "another service": lambda: JSONResponse({"Message": "Not Found"}, 404),
    "a slow drip": lambda: StreamingResponse(_drip()),
    "a stall": lambda: StreamingResponse(_stall()),
    "a truncated answer": lambda: Response(DOCUMENT[:-4]),
}


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("endpoint", ["block/get", "files/read"])
def test_a_fault_while_reading_is_an_error_and_never_wrong_data(
    store: IpfsStore, fake_kubo: FakeKubo, endpoint: str, fault: str
) -> None:
    name = store.put(DOCUMENT if endpoint == "block/get" else LARGE)
    fake_kubo.faults[endpoint] = answering(BROKEN[fault])
    with pytest.raises(StoreError) as error:
        store.get(name)
    assert error.value.hint


NONSENSE: dict[str, Callable[[], Response]] = {
    "html": lambda: PlainTextResponse("<html>hello</html>"),
    "a list": lambda: JSONResponse([1]),
    "a number": lambda: JSONResponse(3),
    "an empty object": lambda: JSONResponse({}),
    "nothing": lambda: Response(),
    "an error": lambda: refusal("internal error"),
    "bytes": lambda: Response(b"\xff\xfe"),
}


@pytest.mark.parametrize("answer", NONSENSE)
@pytest.mark.parametrize("endpoint", ["version", "block/put", "add", "files/stat"])
def test_nonsense_while_writing_is_an_error(store: IpfsStore, fake_kubo: FakeKubo, endpoint: str, answer: str) -> None:
    fake_kubo.faults[endpoint] = answering(NONSENSE[answer])
    with pytest.raises(StoreError):
        store.put(DOCUMENT if endpoint in ("version", "block/put") else LARGE)


@pytest.mark.parametrize("answer", ["html", "an error", "bytes"])
@pytest.mark.parametrize("endpoint", ["files/mkdir", "files/cp"])
def test_nonsense_from_a_command_that_answers_nothing_is_an_error(
    store: IpfsStore, fake_kubo: FakeKubo, endpoint: str, answer: str
) -> None:
    fake_kubo.faults[endpoint] = answering(NONSENSE[answer])
    with pytest.raises(StoreError):
        store.put(LARGE)


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_while_looking_is_an_error(store: IpfsStore, fake_kubo: FakeKubo, answer: str) -> None:
    name = store.put(DOCUMENT)
    fake_kubo.faults["block/stat"] = answering(NONSENSE[answer])
    with pytest.raises(StoreError):
        store.has(name)


def test_a_connection_that_breaks_in_the_middle_is_an_error(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    name = store.put(DOCUMENT)

    async def handler(request: Request) -> Response:
        return Response(DOCUMENT[:5], headers={"content-length": str(len(DOCUMENT))})

    fake_kubo.faults["block/get"] = handler
    with pytest.raises(StoreError):
        store.get(name)


def test_content_that_nobody_offers_in_time_is_not_found(store: IpfsStore) -> None:
    with pytest.raises(NotFound, match="1 s"):
        store.get(raw_cid(DOCUMENT))


def test_an_unreachable_node_says_how_to_start_it() -> None:
    store = IpfsStore("/ip4/127.0.0.1/tcp/1", timeout=1)
    acts = [lambda: store.put(DOCUMENT), lambda: store.get(raw_cid(DOCUMENT)), lambda: store.has(raw_cid(DOCUMENT))]
    for act in acts:
        with pytest.raises(StoreError, match="ipfs daemon"):
            act()


def test_a_node_that_comes_back_is_used_without_a_restart(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    fake_kubo.faults["version"] = answering(lambda: PlainTextResponse("starting", 503))
    with pytest.raises(StoreError):
        store.put(DOCUMENT)
    fake_kubo.faults.clear()
    assert store.get(store.put(DOCUMENT)) == DOCUMENT


@pytest.mark.parametrize("version", ["0.12.2", "0.8.0", "", "unknown"])
def test_a_node_too_old_for_raw_blocks_is_refused_by_version(
    store: IpfsStore, fake_kubo: FakeKubo, version: str
) -> None:
    fake_kubo.version = version
    with pytest.raises(StoreError, match=r"0\.13"):
        store.put(DOCUMENT)


@pytest.mark.parametrize("version", ["0.13.0", "0.35.0", "0.43.1", "0.40.0-rc1", "1.0.0"])
def test_every_newer_version_is_used(store: IpfsStore, fake_kubo: FakeKubo, version: str) -> None:
    fake_kubo.version = version
    assert store.put(DOCUMENT) == raw_cid(DOCUMENT)


def test_the_version_is_asked_once_and_not_before_the_first_call(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    assert fake_kubo.calls == []
    store.get(store.put(DOCUMENT))
    assert fake_kubo.calls == ["version", "files/stat", "block/put", "block/get"]


def test_content_beyond_the_limit_is_refused_before_it_is_sent(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    with pytest.raises(InvalidInput, match="too many"):
        store.put(bytes((256 << 20) + 1))
    assert fake_kubo.calls == []


def test_a_node_that_sends_without_end_is_stopped(
    store: IpfsStore, fake_kubo: FakeKubo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contrafact.records.kubo.CONTENT_LIMIT", 1 << 20)
    name = store.put(DOCUMENT)
    fake_kubo.blocks[name] = bytes(2 << 20)
    with pytest.raises(StoreError, match="more than"):
        store.get(name)


async def _one_byte_a_moment() -> AsyncIterator[bytes]:
    for _ in range(50):
        await asyncio.sleep(0.2)
        yield b"x"


@pytest.mark.parametrize("endpoint", ["block/get", "files/read", "files/stat", "version"])
def test_a_read_ends_in_time_whatever_trickles_in(fake_kubo: FakeKubo, endpoint: str) -> None:
    """An answer of known length, byte by byte: no timeout of a socket ever strikes."""
    store = IpfsStore(fake_kubo.address, timeout=1)
    name = raw_cid(DOCUMENT) if endpoint in ("files/stat", "version") else ""
    name = name or store.put(DOCUMENT if endpoint == "block/get" else LARGE)

    async def trickling(request: Request) -> Response:
        return StreamingResponse(_one_byte_a_moment(), headers={"content-length": "50"})

    fake_kubo.faults[endpoint] = trickling
    with pytest.raises(StoreUnreachable, match="longer than 1 s"):  # else it would end with other bytes, after 10 s
        store.get(name)


def test_a_node_without_space_is_said_to_be_full(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    fake_kubo.faults["block/put"] = answering(lambda: refusal("write /data/ipfs: no space left on device"))
    with pytest.raises(StoreFull):
        store.put(DOCUMENT)


def test_a_block_that_the_node_keeps_is_not_said_to_be_withdrawn(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    name = store.put(DOCUMENT)
    fake_kubo.faults["pin/rm"] = answering(lambda: refusal("not pinned or pinned indirectly"))
    with pytest.raises(StoreError, match="pinned"):
        store.withdraw(name, b"notice")


def test_a_withdrawn_content_is_not_looked_for_in_the_network(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    name = store.put(DOCUMENT)
    fake_kubo.network[name] = DOCUMENT
    store.withdraw(name, b"notice")
    with pytest.raises(Withdrawn):
        store.get(name)


def test_what_lost_its_pin_is_pinned_again(store: IpfsStore, fake_kubo: FakeKubo) -> None:
    names = [store.put(DOCUMENT), store.put(LARGE)]
    pins = set(fake_kubo.pins)
    fake_kubo.pins.clear()
    assert [store.pin(name) for name in names] == [True, True]
    assert fake_kubo.pins == pins
