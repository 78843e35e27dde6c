"""Operators on the chain: the key that one names to sign for it, and challenges of its commits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contrafact.domain.digests import sha256
from contrafact.domain.terms import Use
from contrafact.errors import ContractError, InvalidOrder
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.signing import check_quote_signature, sign_commit, sign_quote
from contrafact.ports import OrderStatus

from .scene import SALT, Deal, Scene


def signed_by(scene: Scene, role: str) -> Deal:
    """The operator's quote with another account's signature."""
    deal = scene.deal()
    return replace(deal, signature=sign_quote(scene.keys[role], deal.quote, scene.deployment.domain))


def test_key_that_an_operator_names_signs_its_quotes_and_commits(scene: Scene) -> None:
    assert scene.reader.signer_of(scene.address("operator")) is None
    scene.writer("operator").register_operator(scene.address("trainer"))
    assert scene.reader.signer_of(scene.address("operator")) == scene.address("trainer")
    deal = signed_by(scene, "trainer")
    scene.writer("maker").fund(*deal.fund_arguments())
    commit, _ = scene.commit(deal)
    signature = sign_commit(scene.keys["trainer"], commit, scene.deployment.domain)
    scene.writer("trainer").commit(deal.quote, SALT, commit, signature)
    assert scene.reader.order_status(deal.order_id) is OrderStatus.COMMITTED


def test_key_that_is_replaced_signs_nothing_any_more(scene: Scene) -> None:
    operator = scene.writer("operator")
    operator.register_operator(scene.address("trainer"))
    deal = signed_by(scene, "trainer")
    operator.register_operator()
    assert scene.reader.signer_of(scene.address("operator")) is None
    with pytest.raises(ContractError) as refused:
        scene.writer("maker").fund(*deal.fund_arguments())
    assert refused.value.name == "GenerationEscrow_BadQuoteSignature"


def test_quote_is_checked_against_the_operators_key_and_the_one_it_named(scene: Scene) -> None:
    domain, named = scene.deployment.domain, scene.address("trainer")
    own, of_named, of_other = scene.deal(), signed_by(scene, "trainer"), signed_by(scene, "stranger")
    check_quote_signature(own.quote, own.signature, domain)
    check_quote_signature(own.quote, own.signature, domain, named=named)
    check_quote_signature(of_named.quote, of_named.signature, domain, named=named)
    for deal, known in ((of_named, None), (of_other, named)):
        with pytest.raises(InvalidOrder):
            check_quote_signature(deal.quote, deal.signature, domain, named=known)


def test_open_challenge_is_found_with_its_time_for_a_ruling(scene: Scene) -> None:
    deal = scene.deal()
    commit = scene.settle(deal)
    assert scene.reader.challenged() == []
    assert scene.reader.challenger_of(deal.order_id) is None
    desk = Contracts(scene.connection, scene.deployment).desk.functions
    bond = scene.connection.call(desk.challengeBondOf(deal.quote.to_abi()))
    given = (deal.quote.to_abi(), SALT, commit.to_abi(), list(Use).index(deal.quote.use), sha256(b"evidence"))
    scene.connection.send(desk.challenge(*given), scene.keys["stranger"], bond)
    assert scene.reader.challenged() == [(deal.order_id, scene.address("operator"))]
    found = scene.reader.challenger_of(deal.order_id)
    assert found == (scene.address("stranger"), scene.now() + 30 * 86_400)
