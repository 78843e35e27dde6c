"""A content store in an IPFS node (Kubo), over its RPC. The only file that knows `ipfshttpclient`.

Content up to one block lies in the node as that block, so any IPFS node finds it by the CID alone. Larger
content lies there as a file in blocks, under its own CID as a name in the node's `/contrafact` folder:
see docs/decisions/0003-large-content-in-ipfs.md.
"""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import ipfshttpclient
import requests

from contrafact.domain.digests import cid, digest_of_cid, sha256
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.records.verified import verified

BLOCK_LIMIT = 1 << 20  # every version of Kubo takes and exchanges blocks up to here
CONTENT_LIMIT = 256 << 20  # ten minutes of uncompressed 24-bit stereo fit; a node cannot fill the memory
FOLDER = "/contrafact"
MINIMUM_VERSION = (0, 13)  # the first whose `block put` makes raw CIDv1 blocks

# What Kubo says when content is not there, or when nobody on the network offers it in time.
_MISSING = (
    "block was not found locally",
    "ipld: could not find",
    "merkledag: not found",
    "file does not exist",
    "context deadline exceeded",
)

T = TypeVar("T")


class _Missing(StoreError):
    """The node answered that it does not have what was asked for."""


class IpfsStore:
    """Implements the port ContentStore on the Kubo node whose RPC is at the multiaddr `address`.

    `timeout` is in seconds: how long a read may take, the node's search in the network included. Nothing is
    asked of the node before the first call.
    """

    def __init__(self, address: str, timeout: float = 60.0) -> None:
        self._address, self._timeout = address, timeout
        self._lock = threading.Lock()
        self._checked: Any = None
        try:
            self._unchecked = ipfshttpclient.Client(address, timeout=timeout)
        except (ipfshttpclient.exceptions.AddressError, ValueError) as error:
            hint = "Expected a multiaddr such as /ip4/127.0.0.1/tcp/5001."
            raise InvalidInput(f"{address!r} is not the address of an IPFS node.", hint) from error
        # The client's own session passes an argument that urllib3 2 warns of and urllib3 3 refuses.
        self._unchecked._client._session = requests.Session()

    def put(self, data: bytes) -> str:
        """Stores and pins `data` and returns its CID. Raises StoreError, and InvalidInput above 256 MiB."""
        if len(data) > CONTENT_LIMIT:
            raise InvalidInput(f"{len(data)} bytes are too many for one content.", f"At most {CONTENT_LIMIT}.")
        name = cid(sha256(data))
        if len(data) <= BLOCK_LIMIT:
            self._put_block(name, data)
        else:
            self._put_file(name, data)
        return name

    def get(self, cid: str) -> bytes:
        """The bytes of `cid`, from this node or through it from others. Raises NotFound, StoreError, InvalidInput."""
        digest_of_cid(cid)
        for read in (self._local_block, self._file, self._any_block):
            try:
                data = read(cid)
            except _Missing:
                continue
            return verified(data, cid, f"The IPFS node at {self._address}")
        raise NotFound(
            f"{cid} is neither in the IPFS node at {self._address} nor found through it in {self._timeout:g} s.",
            "Connect the node to one that holds it, or read from another store.",
        )

    def has(self, cid: str) -> bool:
        """Whether this node itself holds `cid`, without a search in the network. Raises StoreError."""
        digest_of_cid(cid)
        try:
            return bool(self._ask(lambda client: client.block.stat(cid, offline=True)["Key"]) == cid)
        except _Missing:
            return self._root_of(cid, local=True) is not None

    def _put_block(self, name: str, data: bytes) -> None:
        options = {"cid-codec": "raw", "mhtype": "sha2-256", "pin": "true"}
        answer = self._ask(lambda client: client.block.put(io.BytesIO(data), opts=options)["Key"])
        if answer != name:
            raise StoreError(
                f"The IPFS node at {self._address} stored {name} as {answer}.", "Check what listens at this address."
            )

    def _put_file(self, name: str, data: bytes) -> None:
        """Blocks first, name last: what breaks off in between is done again by the next `put`."""
        options = {"cid-version": "1", "raw-leaves": "true", "chunker": "size-262144", "pin": "true"}
        root = self._ask(lambda client: client.add_bytes(data, opts=options))
        known = self._root_of(name)
        if known == root:
            return
        try:
            self._ask(lambda client: client.files.mkdir(FOLDER, parents=True))
            if known is not None:  # a name whose content somebody changed
                self._ask(lambda client: client.files.rm(_path(name)))
            self._ask(lambda client: client.files.cp(f"/ipfs/{root}", _path(name)))
        except StoreError:
            if self._root_of(name) != root:  # unless another writer was faster
                raise

    def _root_of(self, name: str, local: bool = False) -> str | None:
        """The CID of the file's root in IPFS; None without the name, or when `local` and blocks are elsewhere."""

        def ask(client: Any) -> str | None:
            stat = client.files.stat(_path(name), opts={"with-local": str(local).lower()})
            return None if local and not stat["Local"] else str(stat["Hash"])

        try:
            return self._ask(ask)
        except _Missing:
            return None

    def _local_block(self, name: str) -> bytes:
        return self._read(lambda client: client.block.get(name, stream=True, offline=True))

    def _file(self, name: str) -> bytes:
        return self._read(lambda client: client.files.read(_path(name), stream=True, opts=self._within()))

    def _any_block(self, name: str) -> bytes:
        return self._read(lambda client: client.block.get(name, stream=True, opts=self._within()))

    def _within(self) -> dict[str, str]:
        # The node gives up a little before we do, so that "nobody offers it" arrives as an answer.
        return {"timeout": f"{int(self._timeout * 900)}ms"}

    def _read(self, call: Callable[[Any], Any]) -> bytes:
        def collect(client: Any) -> bytes:
            with call(client) as chunks:  # closes the connection, however reading ends
                return self._collected(chunks)

        return self._ask(collect)

    def _collected(self, chunks: Iterable[bytes]) -> bytes:
        data, end = bytearray(), time.monotonic() + self._timeout
        for chunk in chunks:
            data += chunk
            if len(data) > CONTENT_LIMIT:
                raise StoreError(f"The IPFS node at {self._address} sent more than {CONTENT_LIMIT} bytes.")
            if time.monotonic() > end:
                raise self._unreachable(f"it took longer than {self._timeout:g} s")
        return bytes(data)

    def _ask(self, call: Callable[[Any], T]) -> T:
        """What `call` returns. Raises StoreError, as _Missing where Kubo says that it does not have the content."""
        try:
            return call(self._client())
        except ipfshttpclient.exceptions.ErrorResponse as error:
            if any(text in str(error) for text in _MISSING):
                raise _Missing(str(error), "Put the content again.") from error
            raise StoreError(f"The IPFS node at {self._address} refused: {error}.", "See the node's log.") from error
        except ipfshttpclient.exceptions.ConnectionError as error:
            raise self._unreachable("nothing answers there") from error
        except (ipfshttpclient.exceptions.Error, requests.RequestException) as error:
            raise self._unreachable(str(error)) from error
        except (AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:
            # The client asserts and subscripts what it received, so an answer of another form ends here.
            raise self._unreachable(f"its answer is not Kubo's ({error!r})") from error

    def _unreachable(self, why: str) -> StoreError:
        text = f"The IPFS node at {self._address} cannot be used: {why}."
        return StoreError(text, "Start it with `ipfs daemon`, or name another content store.")

    def _client(self) -> Any:
        """The client, once the node has said that it is a Kubo of a version that we can use."""
        with self._lock:
            if self._checked is None:
                self._require_version(str(self._unchecked.version()["Version"]))
                self._checked = self._unchecked
            return self._checked

    def _require_version(self, version: str) -> None:
        numbers = re.match(r"(\d+)\.(\d+)\.", version)
        if numbers is None or (int(numbers[1]), int(numbers[2])) < MINIMUM_VERSION:
            wanted = ".".join(map(str, MINIMUM_VERSION))
            raise StoreError(
                f"The IPFS node at {self._address} is version {version!r}.", f"Use Kubo {wanted} or newer."
            )


def _path(name: str) -> str:
    return f"{FOLDER}/{name}"
