"""Which chain this is, for wallets and pages."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from contrafact.domain.terms import NATIVE
from contrafact.ledger.networks import DEVELOPMENT, of_chain
from contrafact.web.conditional import kept
from contrafact.web.errors import answers
from contrafact.web.schemas.network import Coin, NetworkView, OwnAccount
from contrafact.web.services import Given, Services

router = APIRouter(prefix="/v1", tags=["network"])


@router.get("/network", responses=answers(304))
def get_network(request: Request, response: Response, services: Given) -> NetworkView:
    """The chain with its name, a node for everybody, its coin and the contracts: what a wallet needs to know it."""
    return kept(request, response, network_view(services))


def own_accounts(services: Services) -> Mapping[str, str]:
    """The development chain's own accounts that its wallet offers, by their addresses; nowhere else are there any."""
    chain = services.settings.chain
    return chain.accounts if services.preparer.deployment.chain_id == DEVELOPMENT and chain.rpc_url else {}


def network_view(services: Services) -> NetworkView:
    """Raises ChainError."""
    deployment, chain = services.preparer.deployment, services.settings.chain
    network, coin = of_chain(deployment.chain_id, chain.networks), services.currency(NATIVE)
    development = deployment.chain_id == DEVELOPMENT
    offered = own_accounts(services)
    return NetworkView(
        chain_id=network.chain_id,
        chain_id_hex=hex(network.chain_id),
        name=network.title,
        rpc_url=chain.rpc_url,
        coin=Coin(name=coin.symbol, symbol=coin.symbol, decimals=coin.decimals),
        final_after=chain.confirmations or network.confirmations,
        block_seconds=network.block_seconds,
        explorer=network.explorer,
        contracts=dict(deployment.contracts),
        development=development,
        accounts=[OwnAccount(address=address, name=name) for address, name in offered.items()],
    )
