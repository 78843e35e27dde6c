"""What the contracts refuse comes back as a typed error that says what to do; nothing is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contrafact.domain.terms import NATIVE, Terms, Use
from contrafact.errors import ContractError, InvalidInput, InvalidOrder, NotFound, NotPermitted, Payment

from .scene import FEE, SALT, Deal, Scene


def refusal(scene: Scene, deal: Deal, kind: type[Exception]) -> ContractError:
    """The error of funding the deal, which must be of `kind`, have a hint, and leave the maker's nonce alone."""
    nonce = scene.connection.nonce(scene.address("maker"))
    with pytest.raises(kind) as caught:
        scene.writer("maker").fund(*deal.fund_arguments())
    assert isinstance(caught.value, ContractError)
    assert caught.value.hint
    assert scene.connection.nonce(scene.address("maker")) == nonce
    return caught.value


def test_opted_out_work_is_not_permitted(scene: Scene) -> None:
    terms = Terms.opted_out()
    scene.set_terms(0, terms)
    deal = scene.deal(works=(0,))
    pinned = replace(deal.quote, sources=(replace(deal.quote.sources[0], terms_version=3),))
    error = refusal(scene, scene.signed(pinned, (terms,)), NotPermitted)
    assert (error.name, error.arguments) == ("Licensing_InferenceNotPermitted", (scene.works[0],))
    assert (error.code, error.exit_code) == ("not_permitted", NotPermitted.exit_code)
    assert error.message == f"Work 0x{scene.works[0].hex()[:8]}… is opted out of generation."


def test_terms_changed_since_the_quote_ask_for_a_new_one(scene: Scene) -> None:
    deal = scene.deal()
    scene.set_terms(0, scene.terms[0])
    error = refusal(scene, deal, NotPermitted)
    assert "pins version 2, 3 is in force" in error.message
    assert error.hint == "Ask the operator for a new quote."


def test_use_that_is_not_permitted_is_named(scene: Scene) -> None:
    terms = replace(scene.terms[0], uses=frozenset({Use.PRIVATE}))
    scene.set_terms(0, terms)
    deal = scene.deal(works=(0,))
    pinned = replace(deal.quote, sources=(replace(deal.quote.sources[0], terms_version=3),))
    assert "does not permit commercial use" in refusal(scene, scene.signed(pinned, (terms,)), NotPermitted).message


def test_weight_above_the_terms_is_given_in_percent(scene: Scene) -> None:
    terms = replace(scene.terms[0], max_weight=400_000)
    scene.set_terms(0, terms)
    deal = scene.deal(works=(0,))
    pinned = replace(deal.quote, sources=(replace(deal.quote.sources[0], terms_version=3),))
    assert "at most 40%, not 100%" in refusal(scene, scene.signed(pinned, (terms,)), NotPermitted).message


def test_expired_quote_is_a_payment_error(scene: Scene) -> None:
    deal = scene.deal()
    scene.pass_time(900)  # the quote is good for 600 s; a burst of blocks may have put the chain ahead of the clock
    error = refusal(scene, deal, Payment)
    assert error.name == "GenerationEscrow_QuoteExpired"
    assert "UTC" in error.message


def test_quote_signed_by_another_is_refused(scene: Scene) -> None:
    deal = scene.deal()
    forged = replace(deal, quote=replace(deal.quote, operator_fee=0))
    assert "Do not pay" in refusal(scene, forged, InvalidOrder).hint


def test_quote_for_another_maker_is_refused(scene: Scene) -> None:
    refusal(scene, scene.deal(maker=scene.address("stranger")), NotPermitted)


def test_unknown_model_is_not_found(scene: Scene) -> None:
    refusal(scene, scene.deal(model_id=b"\1" * 32), NotFound)


def test_order_paid_twice_is_refused(scene: Scene) -> None:
    deal = scene.deal()
    scene.writer("maker").fund(*deal.fund_arguments())
    assert "is funded, not none" in refusal(scene, deal, NotPermitted).message


def test_order_committed_twice_is_refused(scene: Scene) -> None:
    deal = scene.deal()
    scene.settle(deal)
    commit, signature = scene.commit(deal)
    with pytest.raises(NotPermitted, match="is committed, not funded"):
        scene.writer("stranger").commit(deal.quote, SALT, commit, signature)


def test_commit_outside_of_the_bounds_is_refused(scene: Scene) -> None:
    deal = scene.deal()
    scene.writer("maker").fund(*deal.fund_arguments())
    commit, signature = scene.commit(deal, base=250_001)
    with pytest.raises(InvalidOrder, match=r"base share 25.0001% is above the order's bound 25%"):
        scene.writer("operator").commit(deal.quote, SALT, commit, signature)


def test_too_little_of_a_token_is_a_payment_error(scene: Scene) -> None:
    deal = scene.deal(scene.dollar, maker=scene.address("stranger"))
    with pytest.raises(Payment, match=f"costs {deal.quote.escrow} units.* holds 0"):
        scene.writer("stranger").fund(*deal.fund_arguments())


def test_too_little_of_the_coin_is_a_payment_error(scene: Scene) -> None:
    deal = scene.deal(base_rate=10**28)
    with pytest.raises(Payment, match="value and gas need"):
        scene.writer("maker").fund(*deal.fund_arguments())


def test_coin_that_does_not_cover_the_gas_is_a_payment_error(scene: Scene) -> None:
    balance = scene.reader.balance(scene.address("maker"))
    for role in ("composer", "arranger"):  # a bond that covers all that the maker has
        scene.writer(role).deposit_bond(NATIVE, balance * 2 // 3, scene.address("operator"))
    deal = scene.deal(operator_fee=balance - 10**6 - (scene.deal().quote.escrow - FEE))
    with pytest.raises(Payment, match="value and gas need"):
        scene.writer("maker").fund(*deal.fund_arguments())


def test_work_of_another_cannot_be_changed(scene: Scene) -> None:
    with pytest.raises(NotPermitted, match=f"{scene.address('anon')} is not the licensor"):
        scene.writer("anon").set_terms(scene.works[0], scene.metadata[0].split.root, scene.terms[0])


def test_work_registered_twice_is_refused(scene: Scene) -> None:
    with pytest.raises(InvalidInput, match="already registered"):
        scene.writer("bach").register_work(scene.metadata[0])


def test_senseless_terms_are_refused_with_the_reason(scene: Scene) -> None:
    with pytest.raises(InvalidInput, match=r"The terms are refused: .+"):
        scene.set_terms(0, replace(scene.terms[0], prices=()))


def test_claim_with_another_splits_proof_is_refused(scene: Scene) -> None:
    scene.settle(scene.deal())
    claim = replace(scene.claim(1, 1), proof=())
    with pytest.raises(InvalidInput, match="proof does not lead"):
        scene.writer("stranger").claim(claim)
    with pytest.raises(InvalidInput, match="proof does not lead"):
        scene.reader.claimable(claim)


def test_nothing_owed_cannot_be_withdrawn(scene: Scene) -> None:
    assert scene.reader.owed(scene.address("maker"), NATIVE) == 0
    with pytest.raises(Payment):
        scene.writer("maker").withdraw_owed(NATIVE)
