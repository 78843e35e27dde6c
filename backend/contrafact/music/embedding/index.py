"""The index: vectors of some works' excerpts, and whose they are, to look recordings up in.

A recording and a work are as alike as the recording's windows, on the mean, to the excerpt of the work that each is
most alike to, at the tempo of all nine at which this is highest. 1 is the same, 0 is nothing in common.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from contrafact.errors import NotFound, StoreError
from contrafact.music.embedding.listening import Heard, Vectors

SCHEMA = "contrafact/embeddings/1"
_NEIGHBOURS = 100  # vectors that each window looks for
_LINKS, _BUILDING, _SEARCHING = (
    32,
    200,
    128,
)  # of the graph (HNSW): links a vector, candidates kept while building and searching
_HINT = "Build it anew: contrafact similar --all, or scripts/train-encoder."


@dataclass(frozen=True, slots=True)
class Entry:
    """A work of the index."""

    id: str
    title: str
    collection: str
    family: str


@dataclass(frozen=True, slots=True)
class Match:
    """A work that a recording is like. `similarity` is at most 1; `tempo` is how fast the recording is beside it."""

    entry: Entry
    similarity: float
    tempo: float


@dataclass(frozen=True)
class Index:
    """`vectors` of shape (excerpts, size), ordered by work; `counts[i]` of them are those of `entries[i]`.

    `encoder` is the SHA-256 of the weights that made them, `works` that of what was heard.
    """

    entries: tuple[Entry, ...]
    vectors: Vectors
    counts: npt.NDArray[np.int64]
    encoder: bytes
    works: bytes
    _kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def search(self, heard: Heard, count: int = 10, *, exact: bool = True) -> list[Match]:
        """The `count` works that the recording is most like, best first.

        Candidates are the owners of the nearest vectors, of all (IndexFlatIP) or, unless `exact`, through a graph.
        """
        found = self.exact if exact else self.graph
        near = [found.search(vectors, min(_NEIGHBOURS, len(self.vectors)))[1] for vectors in heard.vectors]
        numbers = np.unique(np.concatenate([each.ravel() for each in near]))
        candidates = np.unique(self.owners[numbers[numbers >= 0]])
        likeness = self._likeness(heard, candidates)
        best, at = likeness.max(0), likeness.argmax(0)
        order = np.argsort(-best, kind="stable")[:count]
        return [Match(self.entries[candidates[i]], float(best[i]), heard.tempi[at[i]]) for i in order]

    def scores(self, heard: Heard) -> npt.NDArray[np.float32]:
        """How alike the recording and each work are, shape (works,)."""
        found: npt.NDArray[np.float32] = self._likeness(heard, np.arange(len(self.entries))).max(0)
        return found

    @cached_property
    def owners(self) -> npt.NDArray[np.int64]:
        """The number of the work that each vector is of."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def exact(self) -> faiss.IndexFlatIP:
        """All vectors, compared one by one."""
        flat = faiss.IndexFlatIP(self.vectors.shape[1])
        flat.add(self.vectors)
        return flat

    @cached_property
    def graph(self) -> faiss.IndexHNSWFlat:
        """A graph of neighbours, for indexes too large to be searched one by one."""
        return graph_of(self.vectors)

    def _likeness(self, heard: Heard, candidates: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Of each tempo and candidate, shape (tempi, candidates)."""
        counts = self.counts[candidates]
        firsts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        rows = self.vectors[np.isin(self.owners, candidates)]
        best = [np.maximum.reduceat(vectors @ rows.T, firsts, axis=1).mean(0) for vectors in heard.vectors]
        return np.array(best, np.float32)

    def save(self, file: Path) -> None:
        """Writes the index, vectors in 16 bits, beside what was there and in its place at once."""
        entries = [[e.id, e.title, e.collection, e.family] for e in self.entries]
        about = {
            "schema": SCHEMA,
            "encoder": self.encoder.hex(),
            "works": self.works.hex(),
            "entries": json.dumps(entries),
        }
        data = save(
            {"vectors": self.vectors.astype(np.float16), "counts": self.counts.astype(np.int32)}, metadata=about
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".part")
        beside.write_bytes(data)
        beside.replace(file)

    @classmethod
    def load(cls, file: Path, encoder: bytes, works: bytes | None = None) -> Index:
        """The index of a file. Raises NotFound without it, and StoreError where it is damaged, or was made by another
        encoder or, if `works` is given, of other works."""
        if not file.is_file():
            raise NotFound(f"There is no index {file.name}.", _HINT)
        data = file.read_bytes()
        try:
            about = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
            arrays = load(data)
            entries = tuple(Entry(*row) for row in json.loads(about["entries"]))
            found = cls(
                entries,
                arrays["vectors"].astype(np.float32),
                arrays["counts"].astype(np.int64),
                bytes.fromhex(about["encoder"]),
                bytes.fromhex(about["works"]),
            )
            if (
                about["schema"] != SCHEMA
                or len(found.owners) != len(found.vectors)
                or len(entries) != len(found.counts)
            ):
                raise ValueError("its parts do not fit")
        except (SafetensorError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{file.name} is not an index ({error}).", _HINT) from error
        found._require(file, encoder, works)
        return found

    def _require(self, file: Path, encoder: bytes, works: bytes | None) -> None:
        if self.encoder != encoder:
            text = f"{file.name} was made by the encoder {self.encoder.hex()[:12]}…, not by {encoder.hex()[:12]}…"
            raise StoreError(text, _HINT)
        if works is not None and self.works != works:
            raise StoreError(f"{file.name} is of other works than those there are now.", _HINT)


def graph_of(vectors: Vectors) -> faiss.IndexHNSWFlat:
    """A graph of neighbours (HNSW) by inner product over vectors of shape (n, size)."""
    graph = faiss.IndexHNSWFlat(vectors.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction, graph.hnsw.efSearch = _BUILDING, _SEARCHING
    graph.add(vectors)
    return graph


def works_digest(contents: Sequence[tuple[str, bytes]]) -> bytes:
    """SHA-256 of ids and what is heard of each work, in order."""
    found = hashlib.sha256()
    for name, content in contents:
        found.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return found.digest()
