"""A contract wallet on a real node, and a connection that sends through it as its owner's software does."""

from __future__ import annotations

from typing import Any, cast

from web3.contract import Contract
from web3.contract.contract import ContractFunction
from web3.types import TxReceipt

from contrafact.ledger.connection import Connection
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.signer import Signer
from contrafact.ledger.writer import Writer
from tests.contracts.chain import artifact


class ContractWallet:
    """The test double `Puppet`: calls what its owner asks for, and says yes to what its owner has signed (ERC-1271)."""

    def __init__(self, connection: Connection, owner: Signer) -> None:
        made, self.owner = artifact("Puppet"), owner
        factory = connection.web3.eth.contract(abi=made["abi"], bytecode=made["bytecode"])
        self.address = str(connection.send(factory.constructor(), owner)["contractAddress"])
        self.contract: Contract = connection.web3.eth.contract(self.address, abi=made["abi"])

    def perform(self, target: ContractFunction) -> ContractFunction:
        """The call that makes the wallet make this one."""
        data: Any = target._encode_transaction_data()
        call: ContractFunction = self.contract.functions.perform(target.address, data)
        return call


class WalletConnection(Connection):
    """Sends every call through a wallet, `through`; its owner pays for gas and gives the coin that goes along."""

    through: ContractWallet

    def send(self, target: Any, account: Any, value: int = 0) -> TxReceipt:
        return super().send(self.through.perform(target), self.through.owner, value)


def writer_of(wallet: ContractWallet, url: str, deployment: Deployment) -> Writer:
    """This project's client, in the hands of a contract wallet's owner."""
    connection = WalletConnection.open(url, deployment.chain_id)
    connection.through = wallet
    return Writer(connection, deployment, cast(Signer, wallet))
