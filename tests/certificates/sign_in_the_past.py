"""`python -m tests.certificates.sign_in_the_past FILE`: writes a FLAC file whose certificate is for 30 days."""

from __future__ import annotations

import sys
from pathlib import Path

from contrafact.certificates.signing import sign

from .pieces import claims, new_credential, piece

if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(sign(piece("flac"), "audio/flac", claims(), new_credential(days=30)))
