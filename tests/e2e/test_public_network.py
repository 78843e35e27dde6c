"""An order on a node that is set up as a public network: blocks by the clock, a node that fails, reorganisations.

The deployment that is interrupted at every step on such a network is in `test_deploy_interrupted`.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from contrafact.audit import AuditVerdict
from contrafact.domain.orders import Commit
from contrafact.ports import OrderStatus
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site
from tests.clients.anvil import Anvil
from tests.ledger.proxy import Request, Status, every, limit_logs, proxy

from . import job_process
from .paid_order import LONGEST_RUN, forking
from .town import found, settings_in

SEPOLIA = 11155111
PATIENCE = 60  # seconds, for a block


class Chain:
    """The network. Where it is told to, it takes a transaction back when its sender first learns that it was mined."""

    def __init__(self, node: Anvil) -> None:
        self.node = node
        self.to_drop = 0
        self._dropped: set[str] = set()
        self._fails, self._limits = every(10, Status(503)), limit_logs(20)

    def answer(self, request: Request) -> str | bytes | Status | None:
        """What stands between the network and everybody: a node that often fails, but never loses a transaction."""
        if request["method"] == "eth_sendRawTransaction":
            return None
        if request["method"] == "eth_getTransactionReceipt" and self.to_drop:
            self._drop(request["params"][0])
        return self._fails(request) or self._limits(request)

    def head(self) -> int:
        return int(self.node.rpc("eth_blockNumber"), 16)

    def take_back(self, block: int) -> None:
        """Other blocks, without transactions, in place of this one and all after it."""
        self.node.rpc("anvil_reorg", [self.head() - block + 1, []])

    def wait_for_transaction(self, block: int) -> None:
        """Waits until this block or a later one holds a transaction."""
        end = time.monotonic() + PATIENCE
        while not any(map(self._transactions, range(block, self.head() + 1))):
            assert time.monotonic() < end, "no block holds a transaction"
            time.sleep(0.1)

    def _transactions(self, block: int) -> list[str]:
        found: list[str] = self.node.rpc("eth_getBlockByNumber", [hex(block), False])["transactions"]
        return found

    def _drop(self, transaction: str) -> None:
        receipt = self.node.rpc("eth_getTransactionReceipt", [transaction])
        if receipt is None or transaction in self._dropped:
            return
        self.to_drop -= 1
        self._dropped.add(transaction)
        self.take_back(int(receipt["blockNumber"], 16))
        assert self.node.rpc("eth_getTransactionByHash", [transaction]) is None


@pytest.mark.slow
def test_what_reorganisations_drop_is_done_again_and_the_order_settles_once(
    start_anvil: Callable[..., Anvil], tmp_path: Path
) -> None:
    chain = Chain(start_anvil("--chain-id", str(SEPOLIA), "--accounts", "20"))
    town = found(settings_in(tmp_path, chain.node.url).model_copy(update={"confirmations": 1}))
    chain.node.rpc("evm_setAutomine", [False])
    chain.node.rpc("evm_setIntervalMining", [1])
    with proxy(chain.node.url, chain.answer) as url:
        site = town.site(rpc_url=url, confirmations=2, poll_seconds=0.1)
        chain.to_drop = 2  # the maker's approval and payment
        order_id = town.funded(site)
        paid_in = chain.head()
        assert chain.to_drop == 0

        assert job_in_a_process(site, order_id, "sent 1") == -signal.SIGKILL
        chain.wait_for_transaction(paid_in + 1)
        chain.take_back(paid_in + 1)  # the commit, while nobody watches
        assert site.reader.order_status(order_id) is OrderStatus.FUNDED
        chain.to_drop = 3  # the commit once more, the holders' confirmations, the payout
        assert job_in_a_process(site, order_id) == 0
        assert chain.to_drop == 0
        (settled,) = site.reader.committed(order_id)

        chain.take_back(paid_in + 1)  # all of it, long after it was final
        assert site.reader.order_status(order_id) is OrderStatus.FUNDED
        assert job_in_a_process(site, order_id) == 0
        require_settled_once(site, order_id, settled.commit)
    assert list((town.settings.home / "transactions").glob("*.json")) == []


def job_in_a_process(site: Site, order_id: bytes, kill_at: str = "") -> int | None:
    """The operator's process, from its start to its end; returns its exit code, negative for a signal."""
    process = forking().Process(target=job_process.run, args=(site.settings, order_id, kill_at))
    process.start()
    process.join(LONGEST_RUN)
    return process.exitcode


def require_settled_once(site: Site, order_id: bytes, commit: Commit) -> None:
    """By this commit; every holder has its money, and an auditor finds nothing."""
    reader = site.reader
    assert [event.commit for event in reader.committed()] == [commit]
    assert len(reader.funded()) == 1
    pools = {model.model_id for model in reader.models()}  # what these get waits to be collected
    credited = sum(event.amount for event in reader.credited(order_id) if event.beneficiary not in pools)
    assert 0 <= credited - sum(event.amount for event in reader.paid()) < 2 * len(reader.accounts())
    report = audit_site(site, confirmed=True)
    assert report.verdict is AuditVerdict.OK, report.findings
    assert len(report.orders) == 1
