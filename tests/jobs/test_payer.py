"""Rounds of payouts on a fake vault: what fails, rests or is stopped holds up nobody else, and costs no gas twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event, Lock, Semaphore, Thread

import pytest

from contrafact.domain.history import Claim
from contrafact.domain.splits import HolderLeaf, account_id
from contrafact.errors import ChainError, ContractError, Payment
from contrafact.jobs.events import JobEvent
from contrafact.jobs.paying import DAY, HOUR, SOON, Paying
from contrafact.order.payouts import BATCH, Payable, due, pay_out
from contrafact.ports import Place, PlaceStatus

TOKEN = "0x" + "11" * 20


def claim(i: int) -> Claim:
    return Claim(i.to_bytes(32, "big"), bytes(32), TOKEN, HolderLeaf(0, f"0x{i:040x}", 1_000_000), ())


def account(of: Claim) -> bytes:
    return account_id(of.beneficiary, of.split_root, of.token)


@dataclass
class FakeVault:
    """Chain, sender, clock and list of claims in one. Every place is confirmed; `hook` is called when it pays."""

    money: Counter[Claim] = field(default_factory=Counter)
    drawn: Counter[bytes] = field(default_factory=Counter)
    refusing: set[Claim] = field(default_factory=set)
    broken: set[Claim] = field(default_factory=set)
    readdressed: dict[bytes, str] = field(default_factory=dict)
    minimum: dict[str, int] = field(default_factory=dict)
    sent: list[list[Claim]] = field(default_factory=list)
    coin: bool = True
    now: float = 0.0
    address: str = "0xpayer"
    turn: Lock = field(default_factory=Lock)

    def unpaid(self) -> Sequence[Claim]:
        return [claim for claim, amount in self.money.items() if amount]

    def claimable(self, claim: Claim) -> int:
        if claim in self.broken:
            raise ContractError("InvalidProof", (), "The proof is wrong.")
        return self.money[claim]

    def place(self, account: bytes, index: int) -> Place:
        status = PlaceStatus.READDRESSED if account in self.readdressed else PlaceStatus.CONFIRMED
        return Place(self.drawn[account], status)

    def payee_of(self, account: bytes, index: int) -> str:
        return self.readdressed[account]

    def threshold(self, holder: str, token: str) -> int:
        return self.minimum.get(holder, 0)

    def affords(self, gas: int) -> bool:
        return self.coin

    def payout(self, claims: Sequence[Claim]) -> str:
        self.sent.append(list(claims))
        self.hook()
        for claim in set(claims) - self.refusing:
            self.draw(claim)
        return "0x"

    def hook(self) -> None: ...

    def draw(self, claim: Claim) -> None:
        self.drawn[account(claim)] += self.money.pop(claim)


class FakeTurn:
    """A lock that tells how often it was asked for."""

    def __init__(self) -> None:
        self._lock, self.asked = Lock(), Semaphore(0)

    def __enter__(self) -> None:
        self.asked.release()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class FakeMinimum(dict[str, int]):
    """Nobody has one; who asks is told to stop."""

    def __init__(self, stop: Event) -> None:
        self._stop = stop

    def get(self, key: str, default: int = 0) -> int:  # type: ignore[override]
        self._stop.set()
        return default


@dataclass
class Payer:
    vault: FakeVault = field(default_factory=FakeVault)
    events: list[JobEvent] = field(default_factory=list)
    stop: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.paying = Paying(*[self.vault] * 3, self.vault.turn, self.events.append, lambda: self.vault.now)

    def round(self) -> list[list[Claim]]:
        """What one round sends, batch by batch."""
        before = len(self.vault.sent)
        self.through = self.paying.run(self.stop)
        return self.vault.sent[before:]

    def errors(self) -> list[type]:
        return [type(event.error) for event in self.events]


@pytest.fixture
def payer() -> Payer:
    return Payer()


def test_a_place_that_was_sent_something_rests_for_an_hour(payer: Payer) -> None:
    one, vault = claim(1), payer.vault
    vault.money[one] = 10
    assert payer.round() == [[one]]
    assert payer.round() == []
    vault.money[one] = 1
    vault.now = HOUR - 1
    assert payer.round() == []
    vault.now = HOUR
    assert payer.round() == [[one]]


def test_a_refusal_holds_twice_as_long_each_time_and_is_forgotten_once_the_money_was_drawn(payer: Payer) -> None:
    one, vault = claim(1), payer.vault
    vault.money[one], vault.refusing = 10, {one}
    tries = []
    for vault.now in range(0, int(40 * DAY), int(DAY)):
        if payer.round():
            tries.append(vault.now // DAY)
    assert tries == [0, 1, 3, 7, 15, 31]
    vault.draw(one)
    vault.money[one] = 10
    assert payer.round() == [[one]]
    vault.now += DAY
    assert payer.round() == [[one]]


def test_a_batch_that_fails_holds_up_no_other_and_what_others_taught_is_kept(payer: Payer) -> None:
    claims, vault = [claim(i) for i in range(1, 3 * BATCH + 1)], payer.vault
    vault.money.update(dict.fromkeys(claims, 5))
    vault.refusing = {claims[0]}

    def fail_second() -> None:
        if len(vault.sent) == 2:
            raise ChainError("No block holds it yet.", "Wait.")

    vault.hook = fail_second  # type: ignore[method-assign]
    assert [len(batch) for batch in payer.round()] == [BATCH] * 3
    assert (payer.through, payer.errors()) == (False, [ChainError])
    assert payer.round() == [claims[BATCH : 2 * BATCH]]
    assert payer.through
    assert vault.unpaid() == [claims[0]]


def test_a_claim_that_a_contract_refuses_is_told_and_the_others_are_paid(payer: Payer) -> None:
    payer.vault.money.update({claim(1): 5, claim(2): 5, claim(3): 5})
    payer.vault.broken = {claim(2)}
    assert payer.round() == [[claim(1), claim(3)]]
    assert payer.errors() == [ContractError]


def test_nothing_is_sent_from_the_coin_that_orders_need(payer: Payer) -> None:
    payer.vault.money[claim(1)], payer.vault.coin = 5, False
    assert payer.round() == []
    assert (payer.through, payer.errors()) == (False, [Payment])
    payer.vault.coin = True
    assert payer.round() == [[claim(1)]]


def test_a_payer_that_is_told_to_stop_sends_no_further_batch(payer: Payer) -> None:
    payer.vault.money.update(dict.fromkeys((claim(i) for i in range(1, 2 * BATCH + 1)), 5))
    payer.vault.hook = payer.stop.set  # type: ignore[method-assign]
    assert len(payer.round()) == 1
    assert not payer.through
    assert payer.round() == []


def test_a_payer_that_is_told_to_stop_while_it_reads_sends_nothing(payer: Payer) -> None:
    vault = payer.vault
    vault.money.update({claim(1): 5, claim(2): 5})
    vault.minimum = FakeMinimum(payer.stop)
    assert payer.round() == []
    assert not payer.through


def test_an_error_that_nobody_foresaw_ends_the_round_alone(payer: Payer, caplog: pytest.LogCaptureFixture) -> None:
    payer.vault.money[claim(1)] = 5
    payer.vault.unpaid = lambda: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    assert payer.round() == []
    assert not payer.through
    assert "ZeroDivisionError" in caplog.text
    del payer.vault.unpaid
    assert payer.round() == [[claim(1)]]


def test_a_hindered_round_is_soon_followed_by_another(payer: Payer) -> None:
    waits: list[float | None] = []

    class FakeStop(Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout)
            payer.vault.coin = True
            if len(waits) == 2:
                self.set()
            return self.is_set()

    payer.vault.money[claim(1)], payer.vault.coin = 5, False
    payer.paying.work(FakeStop(), DAY)
    assert waits == [SOON, DAY]


def test_an_orders_own_payout_and_a_round_send_the_same_money_once(payer: Payer) -> None:
    vault, turn = payer.vault, FakeTurn()
    vault.money[claim(1)], payer.paying.turn = 5, turn
    round_ = Thread(target=payer.round)

    def hook() -> None:  # while the order's job pays, the round has seen the money, and waits for its turn
        if len(vault.sent) == 1:
            assert turn.asked.acquire(timeout=0)
            round_.start()
            assert turn.asked.acquire(timeout=60)

    vault.hook = hook  # type: ignore[method-assign]
    pay_out([Payable(claim(1))], vault, vault, turn)
    round_.join(60)
    assert vault.sent == [[claim(1)]]


def test_the_minimum_of_a_readdressed_place_is_its_successors() -> None:
    one, vault = claim(1), FakeVault()
    vault.money[one] = 5
    vault.readdressed[account(one)] = "0xsuccessor"
    vault.minimum = {one.leaf.holder: 10**9}
    assert due(one, vault) == 5
    vault.minimum = {"0xsuccessor": 6}
    assert due(one, vault) == 0
    (waiting,) = pay_out([Payable(one)], vault, vault, vault.turn)
    assert waiting.reason.startswith("0xsuccessor is paid from a higher amount on")
    assert not vault.sent
