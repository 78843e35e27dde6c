"""Signatures: those that the escrow takes pass, those that it refuses do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_keys.constants import SECPK1_N

from contrafact.errors import InvalidOrder
from contrafact.ledger.signing import check_commit_signature, check_quote_signature

from .scene import Scene


def test_operators_signatures_pass(scene: Scene) -> None:
    deal, domain = scene.deal(), scene.deployment.domain
    check_quote_signature(deal.quote, deal.signature, domain)
    commit, signature = scene.commit(deal)
    check_commit_signature(commit, deal.quote.operator, signature, domain)


def test_changed_quote_is_refused(scene: Scene) -> None:
    deal = scene.deal()
    with pytest.raises(InvalidOrder, match="not signed by its operator"):
        check_quote_signature(replace(deal.quote, operator_fee=1), deal.signature, scene.deployment.domain)


def test_signature_for_another_contract_or_chain_is_refused(scene: Scene) -> None:
    deal, domain = scene.deal(), scene.deployment.domain
    for other in (replace(domain, chain_id=1), replace(domain, contract=scene.dollar)):
        with pytest.raises(InvalidOrder):
            check_quote_signature(deal.quote, deal.signature, other)


def test_commit_of_another_is_refused(scene: Scene) -> None:
    commit, signature = scene.commit(scene.deal())
    with pytest.raises(InvalidOrder):
        check_commit_signature(commit, scene.address("stranger"), signature, scene.deployment.domain)


def test_malformed_signatures_are_refused(scene: Scene) -> None:
    deal = scene.deal()
    s = SECPK1_N - int.from_bytes(deal.signature[32:64])
    mirrored = deal.signature[:32] + s.to_bytes(32) + bytes([55 - deal.signature[64]])
    for bad in (
        b"",
        deal.signature[:64],
        deal.signature + b"\0",
        bytes(64) + b"\x1b",
        b"\xff" * 64 + b"\x1c",
        mirrored,
    ):
        with pytest.raises(InvalidOrder):
            check_quote_signature(deal.quote, bad, scene.deployment.domain)
