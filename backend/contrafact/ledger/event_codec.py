"""Event logs decoded quickly: one prepared decoder for each event of a contract, found by its topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from eth_abi.decoding import AddressDecoder, ContextFramesBytesIO
from eth_abi.exceptions import DecodingError
from eth_abi.registry import BaseEquals, registry
from eth_utils.abi import collapse_if_tuple, event_abi_to_log_topic
from eth_utils.address import to_checksum_address

from contrafact.ledger.answers import Log

Abi = Mapping[str, Any]


@lru_cache(maxsize=65_536)  # the same few parties are in very many events
def _checksummed(value: bytes) -> str:
    return to_checksum_address(value)


class _Address(AddressDecoder):
    decoder_fn = staticmethod(_checksummed)  # type: ignore[assignment]


def _registry() -> Any:
    ours = registry.copy()  # type: ignore[no-untyped-call]
    ours.unregister_decoder("address")
    ours.register_decoder(BaseEquals("address"), _Address, label="address")  # type: ignore[no-untyped-call]
    return ours


_REGISTRY = _registry()


class EventCodec:
    """Decodes the logs of one event: structs as tuples, bytes as bytes, addresses with their checksum."""

    def __init__(self, abi: Abi) -> None:
        self.name: str = abi["name"]
        inputs = [(item["name"], collapse_if_tuple(item), item["indexed"]) for item in abi["inputs"]]
        self._names = tuple(name for name, _, _ in inputs)
        self._topics = [(name, _decoder(_in_topic(kind))) for name, kind, indexed in inputs if indexed]
        self._fields = [name for name, _, indexed in inputs if not indexed]
        kinds = [kind for _, kind, indexed in inputs if not indexed]
        self._data = _decoder(f"({','.join(kinds)})") if kinds else None

    def decode(self, log: Log) -> dict[str, Any]:
        """The arguments, in the order of the event. Raises DecodingError where the log is not of this event."""
        topics = log.topics[1:]
        if len(topics) != len(self._topics):
            raise DecodingError(f"{self.name} has {len(self._topics)} indexed arguments, the log has {len(topics)}")
        found = {name: read(_stream(topic)) for (name, read), topic in zip(self._topics, topics, strict=True)}
        if self._data:
            found.update(zip(self._fields, self._data(_stream(log.data)), strict=True))
        return {name: found[name] for name in self._names}


def codecs(abi: Sequence[Abi]) -> dict[bytes, EventCodec]:
    """The codecs of a contract's events, by topic."""
    events: list[Any] = [entry for entry in abi if entry["type"] == "event" and not entry["anonymous"]]
    return {bytes(event_abi_to_log_topic(entry)): EventCodec(entry) for entry in events}


def _in_topic(kind: str) -> str:
    """A topic holds what has no fixed size of 32 bytes as its hash."""
    return "bytes32" if kind in ("string", "bytes") or kind.endswith((")", "]")) else kind


def _decoder(kind: str) -> Any:
    return _REGISTRY.get_decoder(kind)


def _stream(data: bytes) -> ContextFramesBytesIO:
    return ContextFramesBytesIO(data)  # type: ignore[no-untyped-call]
