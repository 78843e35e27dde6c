"""The rendered files of an order, kept in its folder."""

from __future__ import annotations

import json
from collections.abc import Callable

from contrafact.domain.digests import canonical_json, from_hex, to_hex
from contrafact.order.folder import OrderFolder
from contrafact.ports import Rendered


def rendered_once(folder: OrderFolder, render: Callable[[], Rendered]) -> Rendered:
    """What `render` gives, rendered the first time only; `rendered.json` is written last and marks it whole."""
    if not folder.has("rendered.json"):
        _keep(folder, render())
    return _read(folder)


def _keep(folder: OrderFolder, rendered: Rendered) -> None:
    folder.once("piece.flac", lambda: rendered.mix)
    folder.once("piece.mid", lambda: rendered.midi)
    for i, stem in enumerate(rendered.stems):
        folder.once(_stem(i), lambda stem=stem: stem)  # type: ignore[misc]
    digests = {"pcm": to_hex(rendered.pcm_digest), "stems": [to_hex(d) for d in rendered.stem_pcm_digests]}
    folder.once("rendered.json", lambda: canonical_json(digests))


def _read(folder: OrderFolder) -> Rendered:
    digests = json.loads(folder.read("rendered.json"))
    return Rendered(
        mix=folder.read("piece.flac"),
        stems=tuple(folder.read(_stem(i)) for i in range(len(digests["stems"]))),
        midi=folder.read("piece.mid"),
        pcm_digest=from_hex(digests["pcm"]),
        stem_pcm_digests=tuple(from_hex(digest) for digest in digests["stems"]),
    )


def _stem(index: int) -> str:
    return f"stem-{index}.flac"
