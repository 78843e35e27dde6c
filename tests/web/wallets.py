"""A browser wallet for tests: it announces itself by EIP-6963, and really signs and sends.

What the page asks is answered in this process: with a key of its own, and by the chain's node.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data
from eth_account.signers.local import LocalAccount
from playwright.sync_api import Page
from web3 import Web3

REJECTED = {"code": 4001, "message": "User rejected the request."}
UNKNOWN_CHAIN = {"code": 4902, "message": "Unrecognized chain."}

ICON = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'/%3E"

_SCRIPT = """
(({name, binding, id, rdns, icon, fallback}) => {
  const listeners = {};
  const provider = {
    async request({method, params}) {
      const {result, error, silent} = await window[binding](method, params ?? []);
      if (silent) return new Promise(() => {});
      if (error) throw Object.assign(new Error(error.message), error);
      return result;
    },
    on(event, listener) { (listeners[event] ??= []).push(listener); return provider; },
    removeListener(event, listener) { listeners[event] = (listeners[event] ?? []).filter((one) => one !== listener); },
  };
  window[`${binding}_emit`] = (event, value) => (listeners[event] ?? []).forEach((one) => one(value));
  if (fallback) { window.ethereum = provider; return; }
  const detail = Object.freeze({info: {uuid: id, name, icon, rdns}, provider});
  const announce = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", {detail}));
  addEventListener("eip6963:requestProvider", announce);
  announce();
})
"""


@dataclass
class TestWallet:
    """A wallet with one account at a time. `connected`: the page may see it without asking again.

    Methods named in `rejecting` are answered as a person does who says no; `failing` maps methods to other errors.
    `chain_id` is the network that it is on; `known` those that it knows. `asked` is what it was asked, in order.
    Methods named in `silent` are never answered, as by somebody who overlooks the wallet's window.
    `added` are the networks that it was told about, `sent` the transactions as it was asked for them.
    Methods in `saying` are answered with that, and nothing is done.
    `fallback`: it only stands at `window.ethereum`, as wallets did before EIP-6963.
    """

    __test__ = False
    key: LocalAccount
    chain: Web3
    name: str = "Test wallet"
    rdns: str = "test.wallet"
    icon: str = ICON
    fallback: bool = False
    connected: bool = False
    rejecting: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    failing: dict[str, dict[str, Any]] = field(default_factory=dict)
    saying: dict[str, Any] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    chain_id: int = 0
    asked: list[str] = field(default_factory=list)
    added: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chain_id = self.chain_id or self.chain.eth.chain_id
        self.known = self.known or {self.chain_id}
        self._binding = f"wallet_{uuid.uuid4().hex}"

    def put_into(self, page: Page) -> None:
        """To be called before the page goes anywhere, with one page for each wallet."""
        self._page = page
        page.expose_function(self._binding, self._answer)
        told = {
            "name": self.name, "binding": self._binding, "id": str(uuid.uuid4()), "rdns": self.rdns, "icon": self.icon,
            "fallback": self.fallback,
        }  # fmt: skip
        page.add_init_script(f"{_SCRIPT.strip()}({json.dumps(told)})")

    def switch_account(self, key: LocalAccount) -> None:
        """As somebody does in the wallet while the page is open."""
        self.key = key
        self._emit("accountsChanged", [key.address])

    def switch_chain(self, chain_id: int) -> None:
        self.chain_id = chain_id
        self.known.add(chain_id)
        self._emit("chainChanged", hex(chain_id))

    def lose_connection(self) -> None:
        self._emit("disconnect", {"code": 4900, "message": "The provider is disconnected."})

    def _emit(self, event: str, value: Any) -> None:
        self._page.evaluate(f"value => window.{self._binding}_emit({json.dumps(event)}, value)", value)

    def _answer(self, method: str, params: list[Any]) -> dict[str, Any]:
        self.asked.append(method)
        if method in self.silent:
            return {"silent": True}
        if method in self.rejecting:
            return {"error": REJECTED}
        if method in self.failing:
            return {"error": self.failing[method]}
        if method in self.saying:
            return {"result": self.saying[method]}
        try:
            return {"result": self._do(method, params)}
        except _Refused as refused:
            return {"error": refused.error}

    def _do(self, method: str, params: list[Any]) -> Any:
        match method:
            case "eth_requestAccounts":
                self.connected = True
                return [self.key.address]
            case "eth_accounts":
                return [self.key.address] if self.connected else []
            case "eth_chainId":
                return hex(self.chain_id)
            case "wallet_switchEthereumChain":
                wanted = int(params[0]["chainId"], 16)
                if wanted not in self.known:
                    raise _Refused(UNKNOWN_CHAIN)
                self.chain_id = wanted
                return None
            case "wallet_addEthereumChain":
                self.added.append(params[0])
                self.chain_id = int(params[0]["chainId"], 16)
                self.known.add(self.chain_id)
                return None
            case "personal_sign":
                return _hex(self.key.sign_message(encode_defunct(hexstr=params[0])).signature)
            case "eth_signTypedData_v4":
                document = json.loads(params[1])
                return _hex(self.key.sign_message(encode_typed_data(full_message=document)).signature)
            case "eth_sendTransaction":
                return self._send(params[0])
        return self._of_the_node(method, params)

    def _send(self, asked: dict[str, Any]) -> str:
        self.sent.append(asked)
        assert Web3.to_checksum_address(asked["from"]) == self.key.address
        eth = self.chain.eth
        made = {
            "to": Web3.to_checksum_address(asked["to"]),
            "data": asked.get("data", "0x"),
            "value": int(asked.get("value", "0x0"), 16),
            "nonce": eth.get_transaction_count(self.key.address, "pending"),
            "chainId": eth.chain_id,
            "gas": int(asked["gas"], 16) if asked.get("gas") else 2_000_000,
            "maxFeePerGas": eth.gas_price * 2,
            "maxPriorityFeePerGas": 0,
        }
        return _hex(eth.send_raw_transaction(self.key.sign_transaction(made).raw_transaction))

    def _of_the_node(self, method: str, params: list[Any]) -> Any:
        answer = self.chain.provider.make_request(method, params)  # type: ignore[arg-type]
        if "error" in answer:
            raise _Refused(dict(answer["error"]))  # type: ignore[arg-type]
        return answer.get("result")


class _Refused(Exception):
    def __init__(self, error: dict[str, Any]) -> None:
        self.error = error


def _hex(data: bytes) -> str:
    return "0x" + bytes(data).hex()


def new_wallet(chain: Web3, funder: LocalAccount, **options: Any) -> TestWallet:
    """A wallet with a new key, and coin of the development chain for its gas."""
    key: LocalAccount = Account.create()
    chain.eth.wait_for_transaction_receipt(
        chain.eth.send_transaction({"from": funder.address, "to": key.address, "value": Web3.to_wei(10, "ether")})
    )
    return TestWallet(key, chain, **options)
