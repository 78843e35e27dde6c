"""A wallet as tests have it: a plain key that signs and sends what was prepared for it."""

from __future__ import annotations

from typing import Any

from eth_account import Account

from contrafact.domain.money import Currency
from contrafact.domain.terms import NATIVE
from contrafact.ledger.clear_signing.shown import Names
from contrafact.ledger.prepared import Preparer, Steps
from contrafact.ledger.prepared.form import Outcome

from .scene import Scene


def preparer_of(scene: Scene) -> Preparer:
    """Knows the titles of the scene's works."""
    titles = dict(zip(scene.works, (metadata.title for metadata in scene.metadata), strict=True))
    currencies = {NATIVE: Currency("ETH", 18), scene.dollar: Currency("TUSD", 6)}
    return Preparer(scene.connection, scene.deployment, Names(currencies.__getitem__, digest=titles.get))


def send(scene: Scene, role: str, steps: Steps) -> None:
    """As a wallet does: fills in what is open, signs with a plain key, sends, and waits."""
    eth = scene.connection.web3.eth
    for one in steps.transactions:
        assert one.sender == scene.address(role)
        assert one.simulation.outcome is not Outcome.REFUSED, one.simulation.error
        given = {k: v for k, v in one.to_dict().items() if k in ("from", "to", "value", "data")}
        fees = {"maxFeePerGas": 10**11, "maxPriorityFeePerGas": 1}
        rest = {"chainId": one.chain_id, "nonce": eth.get_transaction_count(scene.keys[role].address), **fees}
        gas = one.gas or eth.estimate_gas(given)  # type: ignore[arg-type]
        whole = {**given, **rest, "gas": gas}
        signed = scene.keys[role].sign_transaction({k: v for k, v in whole.items() if k != "from"})
        receipt = eth.wait_for_transaction_receipt(eth.send_raw_transaction(signed.raw_transaction))
        assert receipt["status"] == 1, one.function


def sign(scene: Scene, role: str, document: dict[str, Any]) -> bytes:
    return bytes(Account.sign_typed_data(scene.keys[role].key, full_message=document).signature)


def refusal(steps: Steps) -> Any:
    return steps.transactions[-1].simulation.error
