"""Agreement: whether several endpoints serve the same chain, so that none of them alone can make it up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from web3 import Web3
from web3.middleware import ExtraDataToPOAMiddleware

from contrafact.errors import ChainError
from contrafact.ledger.endpoints import Endpoint
from contrafact.ledger.failover import FailoverProvider
from contrafact.ledger.failures import chain_failures

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who said the same of which block; its hash in hex."""

    places: tuple[str, ...]
    block: int
    block_hash: str


def require_agreement(endpoints: Sequence[Endpoint], confirmations: int) -> Agreement:
    """Asks every endpoint for its chain id and for the hash of one confirmed block: all must say the same.

    The block is the newest that all of them have with this many confirmations. Raises ChainError that names who
    says what, and for an endpoint that cannot be asked.
    """
    if len(endpoints) < 2:
        text = "Only one node is named: there is none that it could agree with."
        raise ChainError(text, "Name several in CONTRAFACT_RPC_URL, with commas between, or do not ask for agreement.")
    _require_same("the chain's id", _ask(endpoints, lambda web3: web3.eth.chain_id))
    heads = _ask(endpoints, lambda web3: web3.eth.block_number)
    block = max(min(heads.values()) - confirmations + 1, 0)
    hashes = _ask(endpoints, lambda web3: web3.eth.get_block(block)["hash"].hex())
    _require_same(f"the hash of block {block}", hashes)
    return Agreement(tuple(hashes), block, next(iter(hashes.values())))


def _ask(endpoints: Sequence[Endpoint], question: Callable[[Web3], Answer]) -> dict[str, Answer]:
    """Each endpoint's own answer, by its place."""
    answers = {}
    for endpoint in endpoints:
        with chain_failures(endpoint.place):
            answers[endpoint.place] = question(_alone(endpoint))
    return answers


def _require_same(what: str, answers: Mapping[str, object]) -> None:
    if len(set(answers.values())) > 1:
        said = ", ".join(f"{place} says {answer}" for place, answer in answers.items())
        raise ChainError(f"The nodes disagree about {what}: {said}.", "Find out which one is wrong, and leave it out.")


def _alone(endpoint: Endpoint) -> Web3:
    web3 = Web3(FailoverProvider([endpoint]))
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)  # blocks of some chains are signed
    return web3
