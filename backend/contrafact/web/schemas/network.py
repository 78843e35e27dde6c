"""What a wallet must know of the chain."""

from __future__ import annotations

from pydantic import Field

from contrafact.web.schemas.fields import Address, Schema


class Coin(Schema):
    """What gas is paid in."""

    name: str = Field(examples=["ETH"])
    symbol: str = Field(examples=["ETH"])
    decimals: int = Field(examples=[18])


class OwnAccount(Schema):
    address: Address
    name: str = Field(examples=["A music maker"])


class NetworkView(Schema):
    """The chain, as `wallet_addEthereumChain` (EIP-3085) wants it and as pages use it.

    `final_after` blocks, a transaction's own included, make it final. `rpc_url` is null where no node is for everybody.
    On a `development` chain money is play money; `accounts` are those that its node signs for, if pages may offer them.
    """

    chain_id: int = Field(examples=[1])
    chain_id_hex: str = Field(examples=["0x1"])
    name: str = Field(examples=["Sepolia"])
    rpc_url: str | None = Field(examples=["https://rpc.example"])
    coin: Coin
    final_after: int = Field(examples=[5])
    block_seconds: float = Field(examples=[12.0])
    explorer: str | None = Field(examples=["https://explorer.example"])
    contracts: dict[str, Address] = Field(examples=[{"Catalogue": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"}])
    development: bool = Field(examples=[False])
    accounts: list[OwnAccount] = Field(examples=[[]])
