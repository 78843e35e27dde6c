"""Writes the OpenAPI document: `python -m contrafact.web.export > docs/openapi.json`."""

from __future__ import annotations

import json

from contrafact.web.app import bare


def exported() -> str:
    """The document as the repository keeps it."""
    return json.dumps(bare().openapi(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(exported(), end="")
