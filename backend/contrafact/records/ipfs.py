"""A content store in an IPFS node.

Content up to one block lies in the node as that block, so any IPFS node finds it by the CID alone. Larger
content lies there as a file in blocks, under its own CID as a name in the node's `/contrafact` folder:
see docs/decisions/0003-large-content-in-ipfs.md. Notices of withdrawal lie in `/contrafact/withdrawn`.
"""

from __future__ import annotations

import io
import time
from typing import Any

from contrafact.domain.digests import cid, digest_of_cid, sha256
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.records.kubo import CONTENT_LIMIT, Kubo, Missing
from contrafact.records.taken_down import gone
from contrafact.records.verified import verified

BLOCK_LIMIT = 1 << 20  # every version of Kubo takes and exchanges blocks up to here
FOLDER = "/contrafact"


class IpfsStore:
    """Implements the ports ContentStore and KeptStore on the Kubo node whose RPC is at the multiaddr `address`.

    `timeout` is in seconds: how long a read may take in all, the node's search in the network included. Nothing is
    asked of the node before the first call.
    """

    def __init__(self, address: str, timeout: float = 60.0) -> None:
        self._node = Kubo(address, timeout)
        self._place = f"IPFS node at {address}"

    def put(self, data: bytes) -> str:
        """Stores and pins `data` and returns its CID.

        Raises StoreError, Withdrawn where a notice stands, and InvalidInput above 256 MiB.
        """
        name = self._named(data)
        if (notice := self.notice(name)) is not None:
            raise gone(name, notice, f"the {self._place}")
        self._put(name, data)
        return name

    def get(self, cid: str) -> bytes:
        """The bytes of `cid`, from this node or through it from others.

        Raises Withdrawn, NotFound, StoreError, and InvalidInput for what is not a raw CIDv1.
        """
        digest_of_cid(cid)
        end = time.monotonic() + self._node.timeout
        return self._node.in_time(lambda: self._get(cid, end))

    def has(self, cid: str) -> bool:
        """Whether this node itself holds `cid`, without a search in the network. Raises StoreError."""
        digest_of_cid(cid)
        return self._has_block(cid) or self._root_of(_path(cid), local=True) is not None

    def withdraw(self, cid: str, notice: bytes) -> None:
        """Leaves the notice, then unpins `cid` and removes its block, or its name.

        The blocks of larger content go with the node's next garbage collection. Raises StoreError.
        """
        digest_of_cid(cid)
        self._node.write(_notice(cid), notice)
        if (root := self._root_of(_path(cid))) is not None:
            self._node.ask(lambda client: client.files.rm(_path(cid)))
            self._unpin(root)
        if self._has_block(cid):
            self._unpin(cid)
            self._node.remove_block(cid)

    def notice(self, cid: str) -> bytes | None:
        """The notice in place of `cid`, where there is one. Raises StoreError."""
        digest_of_cid(cid)
        if self._root_of(_notice(cid)) is None:
            return None
        return self._node.read(lambda client: client.files.read(_notice(cid), stream=True))

    def restore(self, data: bytes) -> str:
        """Stores `data` in spite of a notice, which goes. Raises as `put`, but for Withdrawn."""
        name = self._named(data)
        self._put(name, data)
        if self._root_of(_notice(name)) is not None:
            self._node.ask(lambda client: client.files.rm(_notice(name)))
        return name

    def pin(self, cid: str) -> bool:
        """True, once the node keeps `cid` from its garbage collection. Raises NotFound, StoreError."""
        digest_of_cid(cid)
        root = self._root_of(_path(cid)) or cid
        try:
            self._node.ask(lambda client: client.pin.add(root, opts=self._search(self._node.timeout)))
        except Missing as error:
            raise NotFound(f"{cid} is not found through the {self._place}.", "Put it again.") from error
        return True

    def _named(self, data: bytes) -> str:
        if len(data) > CONTENT_LIMIT:
            raise InvalidInput(f"{len(data)} bytes are too many for one content.", f"At most {CONTENT_LIMIT}.")
        return cid(sha256(data))

    def _put(self, name: str, data: bytes) -> None:
        if len(data) <= BLOCK_LIMIT:
            self._put_block(name, data)
        else:
            self._put_file(name, data)

    def _put_block(self, name: str, data: bytes) -> None:
        options = {"cid-codec": "raw", "mhtype": "sha2-256", "pin": "true"}
        answer = self._node.ask(lambda client: client.block.put(io.BytesIO(data), opts=options)["Key"])
        if answer != name:
            raise StoreError(f"The {self._place} stored {name} as {answer}.", "Check what listens at this address.")

    def _put_file(self, name: str, data: bytes) -> None:
        """Blocks first, name last: what breaks off in between is done again by the next `put`."""
        options = {"cid-version": "1", "raw-leaves": "true", "chunker": "size-262144", "pin": "true"}
        ask, path = self._node.ask, _path(name)
        root = ask(lambda client: client.add_bytes(data, opts=options))
        known = self._root_of(path)
        if known == root:
            return
        try:
            ask(lambda client: client.files.mkdir(FOLDER, parents=True))
            if known is not None:  # a name whose content somebody changed
                ask(lambda client: client.files.rm(path))
            ask(lambda client: client.files.cp(f"/ipfs/{root}", path))
        except StoreError:
            if self._root_of(path) != root:  # unless another writer was faster
                raise

    def _get(self, name: str, end: float) -> bytes:
        for read in (self._local_block, self._file):
            try:
                return self._verified(read(name, end), name)
            except Missing:
                continue
        if (notice := self.notice(name)) is not None:
            raise gone(name, notice, f"the {self._place}")
        try:
            return self._verified(self._any_block(name, end), name)
        except Missing:
            text = f"{name} is neither in the {self._place} nor found through it in {self._node.timeout:g} s."
            hint = "Connect the node to one that holds it, or read from another store."
            raise NotFound(text, hint) from None

    def _verified(self, data: bytes, name: str) -> bytes:
        return verified(data, name, f"The {self._place}")

    def _local_block(self, name: str, end: float) -> bytes:
        return self._node.read(lambda client: client.block.get(name, stream=True, offline=True))

    def _file(self, name: str, end: float) -> bytes:
        options = self._search(end - time.monotonic())
        return self._node.read(lambda client: client.files.read(_path(name), stream=True, opts=options))

    def _any_block(self, name: str, end: float) -> bytes:
        options = self._search(end - time.monotonic())
        return self._node.read(lambda client: client.block.get(name, stream=True, opts=options))

    @staticmethod
    def _search(seconds: float) -> dict[str, str]:
        # The node gives up a little before we do, so that "nobody offers it" arrives as an answer.
        return {"timeout": f"{max(1, int(seconds * 900))}ms"}

    def _has_block(self, name: str) -> bool:
        try:
            return bool(self._node.ask(lambda client: client.block.stat(name, offline=True)["Key"]) == name)
        except Missing:
            return False

    def _unpin(self, root: str) -> None:
        try:
            self._node.ask(lambda client: client.pin.rm(root))
        except Missing:
            return

    def _root_of(self, path: str, local: bool = False) -> str | None:
        """The root of a named file in IPFS; None without the name, or when `local` and blocks are elsewhere."""

        def ask(client: Any) -> str | None:
            stat = client.files.stat(path, opts={"with-local": str(local).lower()})
            return None if local and not stat["Local"] else str(stat["Hash"])

        try:
            return self._node.ask(ask)
        except Missing:
            return None


def _path(name: str) -> str:
    return f"{FOLDER}/{name}"


def _notice(name: str) -> str:
    return f"{FOLDER}/withdrawn/{name}"
