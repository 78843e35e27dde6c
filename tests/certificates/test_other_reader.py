"""Another implementation of C2PA (c2pa-ts, TypeScript, no code of the library that signs) reads what was signed."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.certificates import MEDIA_TYPES
from contrafact.certificates.signing import sign
from tests.clients.wallets import missing_library, run_script

from .pieces import KINDS, claims, new_credential, piece


def test_another_implementation_reads_the_same_claims_and_finds_a_changed_sound(tmp_path: Path) -> None:
    if reason := missing_library("@trustnxt/c2pa-ts"):
        pytest.skip(reason)
    credential = new_credential()
    for kind in KINDS:
        signed = sign(piece(kind), MEDIA_TYPES[kind], claims(), credential)
        at = 4_000 if kind == "wav" else len(signed) - 500
        (tmp_path / f"piece.{kind}").write_bytes(signed)
        (tmp_path / f"changed.{kind}").write_bytes(signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :])
    for found in run_script("read_c2pa.mjs", [str(tmp_path / f"piece.{kind}") for kind in KINDS]):
        assert (found["valid"], found["failures"]) == (True, [])
        assert {"claimSignature.validated", "assertion.dataHash.match"} <= set(found["successes"])
        assert found["claims"] == claims().to_dict()
        assert found["sourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
        assert found["ingredients"] == [source.title for source in claims().sources]
    for found in run_script("read_c2pa.mjs", [str(tmp_path / f"changed.{kind}") for kind in KINDS]):
        assert (found["valid"], found["failures"]) == (False, ["assertion.dataHash.mismatch"])
        assert "claimSignature.validated" in found["successes"]
