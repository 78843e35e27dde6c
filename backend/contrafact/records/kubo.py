"""The RPC of an IPFS node (Kubo), its failures as errors of this project. Only this file knows `ipfshttpclient`."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import ipfshttpclient
import requests

from contrafact.errors import InvalidInput, StoreError, StoreFull, StoreUnreachable
from contrafact.records.bounded import within

CONTENT_LIMIT = 256 << 20  # ten minutes of uncompressed 24-bit stereo fit; a node cannot fill the memory
MINIMUM_VERSION = (0, 13)  # the first whose `block put` makes raw CIDv1 blocks

# What Kubo says when content is not there, or when nobody on the network offers it in time.
_MISSING = (
    "block was not found locally",
    "ipld: could not find",
    "merkledag: not found",
    "file does not exist",
    "context deadline exceeded",
    "not pinned or pinned indirectly",
)
_FULL = ("no space left on device", "maximum storage limit")

T = TypeVar("T")


class Missing(StoreError):
    """The node answered that it does not have what was asked for."""


class Kubo:
    """A node at the multiaddr `address`. Nothing is asked of it before the first call. `timeout` is in seconds."""

    def __init__(self, address: str, timeout: float) -> None:
        self.address, self.timeout = address, timeout
        self._lock = threading.Lock()
        self._checked: Any = None
        try:
            self._unchecked = ipfshttpclient.Client(address, timeout=timeout)
        except (ipfshttpclient.exceptions.AddressError, ValueError) as error:
            hint = "Expected a multiaddr such as /ip4/127.0.0.1/tcp/5001."
            raise InvalidInput(f"{address!r} is not the address of an IPFS node.", hint) from error
        # The client's own session passes an argument that urllib3 2 warns of and urllib3 3 refuses.
        self._unchecked._client._session = requests.Session()

    def in_time(self, act: Callable[[], T]) -> T:
        """What `act` returns, if it does within the timeout. Raises StoreUnreachable, and what `act` raises."""
        try:
            return within(self.timeout, act)
        except TimeoutError as error:
            raise self.unusable(str(error)) from error

    def read(self, call: Callable[[Any], Any]) -> bytes:
        """All bytes of a streamed answer. Raises as `ask`."""

        def collect(client: Any) -> bytes:
            with call(client) as chunks:  # closes the connection, however reading ends
                return self._collected(chunks)

        return self.ask(collect)

    def write(self, path: str, data: bytes) -> None:
        """A small file in the node's own file system. Raises as `ask`."""
        options = {"parents": "true"}
        body = io.BytesIO(data)
        self.ask(lambda client: client.files.write(path, body, create=True, truncate=True, opts=options))

    def remove_block(self, name: str) -> None:
        """Takes a block out of the node. Raises as `ask`, and StoreError where the node keeps it."""
        answers = self.ask(lambda client: client._client.request("/block/rm", (name,), decoder="json"))
        for answer in answers if isinstance(answers, list) else [answers]:
            said = str(answer.get("Error") or "") if isinstance(answer, dict) else ""
            if said and not any(text in said for text in (*_MISSING, "not found")):
                text = f"The IPFS node at {self.address} keeps {name}: {said}."
                raise StoreError(text, "Unpin what holds it, then withdraw again.")

    def ask(self, call: Callable[[Any], T]) -> T:
        """What `call` returns. Raises StoreError, as Missing where Kubo says that it does not have the content."""
        try:
            return call(self._client())
        except ipfshttpclient.exceptions.ErrorResponse as error:
            raise self._refused(error) from error
        except ipfshttpclient.exceptions.ConnectionError as error:
            raise self.unusable("nothing answers there") from error
        except (ipfshttpclient.exceptions.Error, requests.RequestException) as error:
            raise self.unusable(str(error)) from error
        except (AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:
            # The client asserts and subscripts what it received, so an answer of another form ends here.
            raise self.unusable(f"its answer is not Kubo's ({error!r})") from error

    def unusable(self, why: str) -> StoreUnreachable:
        text = f"The IPFS node at {self.address} cannot be used: {why}."
        return StoreUnreachable(text, "Start it with `ipfs daemon`, or name another content store.")

    def _refused(self, error: Exception) -> StoreError:
        said = str(error)
        if any(text in said for text in _MISSING):
            return Missing(said, "Put the content again.")
        if any(text in said for text in _FULL):
            return StoreFull(f"The IPFS node at {self.address} is full: {said}.", "Free some space on its disk.")
        return StoreError(f"The IPFS node at {self.address} refused: {said}.", "See the node's log.")

    def _collected(self, chunks: Iterable[bytes]) -> bytes:
        data, end = bytearray(), time.monotonic() + self.timeout
        for chunk in chunks:
            data += chunk
            if len(data) > CONTENT_LIMIT:
                raise StoreError(f"The IPFS node at {self.address} sent more than {CONTENT_LIMIT} bytes.")
            if time.monotonic() > end:
                raise self.unusable(f"it took longer than {self.timeout:g} s")
        return bytes(data)

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
            raise StoreError(f"The IPFS node at {self.address} is version {version!r}.", f"Use Kubo {wanted} or newer.")
