"""Which sources this program is: a git commit where it runs from a checkout, otherwise the package's version."""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[3]


def source_revision() -> str:
    """`git 0123abcd…`, with `and changes` where files differ from the commit, or `contrafact 0.1.0`."""
    commit = _git("rev-parse", "HEAD") if (_CHECKOUT / ".git").exists() else None
    if not commit:
        return f"contrafact {version('contrafact')}"
    return f"git {commit}" + (" and changes" if _git("status", "--porcelain", "contracts", "backend") else "")


def _git(*arguments: str) -> str | None:
    """What git answers; None where it is not installed or refuses."""
    try:
        done = subprocess.run(["git", "-C", str(_CHECKOUT), *arguments], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
