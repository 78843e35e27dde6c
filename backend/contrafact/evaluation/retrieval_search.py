"""Search through a graph (HNSW) beside exact search: what it misses, how long it takes, what it holds in memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import faiss
import numpy as np

from contrafact.evaluation.rows import Found, Row, at_least, measured, stated
from contrafact.music.embedding.index import Index, graph_of
from contrafact.music.embedding.listening import Heard, Vectors

MANY = 100_000
_QUERIES, _NEAREST, _REPEATS = 200, 10, 5
_MIXED = 0.3  # how far a synthetic vector lies from the real one that it was made of
SYNTHETIC = "made from the index: a vector drawn at random, 30 % of another one and 30 % of noise added, of length one"


def searching(index: Index, heard: Sequence[Heard]) -> Found:
    """At the size of the index, and at 100,000 vectors; queries are versions' windows at their own tempo."""
    queries = np.concatenate([one.vectors[0] for one in heard])[:_QUERIES]
    rows = [
        *_at("catalogue", f"{len(index.vectors):,} vectors", index.vectors, queries),
        *_at("many", f"{MANY:,} vectors", synthetic(index.vectors, MANY), queries, SYNTHETIC),
    ]
    return Found(tuple(rows))


def synthetic(vectors: Vectors, count: int, seed: int = 0) -> Vectors:
    """Vectors like those given, but new: shape (count, size), of length one."""
    rng = np.random.default_rng(seed)
    one, other = (vectors[rng.integers(len(vectors), size=count)] for _ in range(2))
    noise = rng.standard_normal(one.shape).astype(np.float32) / np.float32(one.shape[1] ** 0.5)
    mixed = one + np.float32(_MIXED) * (other + noise)
    found: Vectors = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return found


def _at(id: str, what: str, vectors: Vectors, queries: Vectors, note: str = "") -> list[Row]:
    flat, graph = faiss.IndexFlatIP(vectors.shape[1]), graph_of(vectors)
    flat.add(vectors)
    exact, near = (found.search(queries, _NEAREST)[1] for found in (flat, graph))
    recalls = [np.array([[len(set(a) & set(b)) / _NEAREST]]) for a, b in zip(exact, near, strict=True)]
    slow, fast = (_latency(found, queries) for found in (flat, graph))
    return [
        measured(
            f"hnsw_{id}_recall",
            f"{what}: the graph's ten nearest among the exact ten",
            recalls,
            target=at_least(0.95),
            note=note,
        ),
        stated(f"hnsw_{id}_exact_ms", "… exact search, ms a query, one thread", 1000 * slow, len(queries)),
        stated(f"hnsw_{id}_graph_ms", "… through the graph, ms a query", 1000 * fast, len(queries)),
        stated(f"hnsw_{id}_ratio", "… time of the graph by time of exact search", fast / slow, len(queries)),
        stated(f"hnsw_{id}_exact_mb", "… vectors alone, MB", _megabytes(flat), len(vectors)),
        stated(f"hnsw_{id}_graph_mb", "… vectors and graph, MB", _megabytes(graph), len(vectors)),
    ]


def _latency(index: faiss.Index, queries: Vectors) -> float:
    """Seconds a query, each alone: the median over some rounds."""
    faiss.omp_set_num_threads(1)
    return float(
        np.median([_timed(lambda: [index.search(query[None], _NEAREST) for query in queries]) for _ in range(_REPEATS)])
    ) / len(queries)


def _timed(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def _megabytes(index: faiss.Index) -> float:
    """What the index is as bytes, which is what it holds in memory."""
    return len(faiss.serialize_index(index)) / 1e6
