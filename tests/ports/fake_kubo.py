"""A FAKE of Kubo's HTTP RPC for tests: real HTTP, real CIDs, no IPFS network, no disk.

It answers the endpoints that the store uses as Kubo does, with Kubo's error texts. Its CIDs come from
libraries that the project's own code does not use (`multiformats` for blocks, `aleph-cid` for UnixFS roots).
A fake proves nothing about Kubo: set CONTRAFACT_TEST_KUBO to run the same suite on a daemon.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable

import uvicorn
from aleph_cid import CidHasher
from multiformats import CID, multihash
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

BLOCK_LIMIT = 1 << 20
Handler = Callable[[Request], Awaitable[Response]]


class FakeKubo:
    """A fake node. `blocks` and `files` are what it holds, `network` what its imagined peers hold.

    `faults` replaces the handler of an endpoint, such as "block/get".
    """

    def __init__(self) -> None:
        self.reset()
        # The protocol is named so that asyncio turns Nagle's delay off, which costs 40 ms an answer.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        self.port: int = self._socket.getsockname()[1]
        app = Starlette(routes=[Route("/api/v0/{name:path}", self._dispatch, methods=["POST"])])
        config = uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    def reset(self) -> None:
        """Makes the node an empty one without faults."""
        self.version = "0.35.0"
        self.blocks: dict[str, bytes] = {}
        self.network: dict[str, bytes] = {}
        self.roots: dict[str, bytes] = {}
        self.files: dict[str, str] = {}
        self.pins: set[str] = set()
        self.calls: list[str] = []
        self.faults: dict[str, Handler] = {}

    @property
    def address(self) -> str:
        return f"/ip4/127.0.0.1/tcp/{self.port}/http"

    def __enter__(self) -> FakeKubo:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    async def _dispatch(self, request: Request) -> Response:
        name = request.path_params["name"]
        self.calls.append(name)
        handlers: dict[str, Handler] = {
            "version": self._version,
            "block/put": self._block_put,
            "block/get": self._block_get,
            "block/stat": self._block_stat,
            "add": self._add,
            "files/mkdir": self._empty,
            "files/cp": self._files_cp,
            "files/rm": self._files_rm,
            "files/stat": self._files_stat,
            "files/read": self._files_read,
            "files/write": self._files_write,
            "block/rm": self._block_rm,
            "pin/add": self._pin_add,
            "pin/rm": self._pin_rm,
        }
        handler = self.faults.get(name) or handlers.get(name)
        return await handler(request) if handler else PlainTextResponse("404 page not found", 404)

    async def _version(self, request: Request) -> Response:
        return JSONResponse({"Version": self.version, "Commit": "", "Repo": "16", "System": "fake", "Golang": ""})

    async def _empty(self, request: Request) -> Response:
        return Response()

    async def _block_put(self, request: Request) -> Response:
        data = await _upload(request)
        if len(data) > BLOCK_LIMIT:
            return refusal("produced block is over 1MiB: big blocks can't be exchanged with other peers.")
        key = raw_cid(data, request.query_params["cid-codec"], request.query_params["mhtype"])
        self.blocks[key] = data
        if request.query_params.get("pin") == "true":
            self.pins.add(key)
        return JSONResponse({"Key": key, "Size": len(data)})

    async def _block_get(self, request: Request) -> Response:
        key = request.query_params["arg"]
        if key in self.blocks:
            return Response(self.blocks[key])
        if request.query_params.get("offline") == "true":
            return refusal(f"block was not found locally (offline): ipld: could not find {key}")
        if key in self.network:
            return Response(self.network[key])
        await asyncio.sleep(int(request.query_params["timeout"].removesuffix("ms")) / 1000)
        return refusal("context deadline exceeded")

    async def _block_stat(self, request: Request) -> Response:
        key = request.query_params["arg"]
        assert request.query_params.get("offline") == "true"  # online it would search the network
        if key not in self.blocks:
            return refusal(f"block was not found locally (offline): ipld: could not find {key}")
        return JSONResponse({"Key": key, "Size": len(self.blocks[key])})

    async def _block_rm(self, request: Request) -> Response:
        key = request.query_params["arg"]
        if key in self.pins:
            return JSONResponse({"Hash": key, "Error": "pinned: recursive"})
        if self.blocks.pop(key, None) is None:
            return JSONResponse({"Hash": key, "Error": f"ipld: could not find {key}"})
        return JSONResponse({"Hash": key})

    async def _pin_add(self, request: Request) -> Response:
        key = request.query_params["arg"]
        if key in self.network:
            self.blocks[key] = self.network[key]
        if key not in self.blocks and key not in self.roots:
            return refusal("context deadline exceeded")
        self.pins.add(key)
        return JSONResponse({"Pins": [key]})

    async def _pin_rm(self, request: Request) -> Response:
        key = request.query_params["arg"]
        if key not in self.pins:
            return refusal("not pinned or pinned indirectly")
        self.pins.remove(key)
        return JSONResponse({"Pins": [key]})

    async def _files_write(self, request: Request) -> Response:
        assert {request.query_params[name].lower() for name in ("create", "truncate", "parents")} == {"true"}
        data = await _upload(request)
        root = unixfs_root(data)
        self.roots[root], self.files[request.query_params["arg"]] = data, root
        return Response()

    async def _add(self, request: Request) -> Response:
        assert request.query_params["cid-version"] == "1"
        assert request.query_params["raw-leaves"] == "true"
        data = await _upload(request)
        root = unixfs_root(data)
        self.roots[root] = data
        if request.query_params.get("pin") == "true":
            self.pins.add(root)
        return JSONResponse({"Name": root, "Hash": root, "Size": str(len(data))})

    async def _files_cp(self, request: Request) -> Response:
        source, target = request.query_params.getlist("arg")
        if target in self.files:
            return refusal("cp: cannot put node in path: directory already has entry by that name")
        self.files[target] = source.removeprefix("/ipfs/")
        return Response()

    async def _files_rm(self, request: Request) -> Response:
        self.files.pop(request.query_params["arg"])
        return Response()

    async def _files_stat(self, request: Request) -> Response:
        path = request.query_params["arg"]
        if path not in self.files:
            return refusal("file does not exist")
        root = self.files[path]
        answer = {"Hash": root, "Size": 0, "CumulativeSize": 0, "Blocks": 0, "Type": "file"}
        if request.query_params.get("with-local") == "true":
            answer |= {"WithLocality": True, "Local": root in self.roots}
        return JSONResponse(answer)

    async def _files_read(self, request: Request) -> Response:
        path = request.query_params["arg"]
        if path not in self.files:
            return refusal("file does not exist")
        root = self.files[path]
        data = self.roots[root] if root in self.roots else self.network[root]
        return StreamingResponse(_pieces(data))


def raw_cid(data: bytes, codec: str = "raw", hash_name: str = "sha2-256") -> str:
    """The base32 CIDv1 of one block, by `multiformats`."""
    return str(CID("base32", 1, codec, multihash.digest(data, hash_name)))


def unixfs_root(data: bytes) -> str:
    """The CIDv1 of `data` as a UnixFS file of raw 256 KiB leaves, by `aleph-cid`."""
    hasher = CidHasher.for_ipfs_v1_raw_leaves()
    hasher.update(data)
    return hasher.finalize()


def refusal(message: str) -> Response:
    """An error as Kubo words it."""
    return JSONResponse({"Message": message, "Code": 0, "Type": "error"}, status_code=500)


async def _upload(request: Request) -> bytes:
    async with request.form(max_part_size=1 << 30) as form:
        file = form["file"]
        return file.encode() if isinstance(file, str) else await file.read()


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 1 << 18):
        yield data[start : start + (1 << 18)]
