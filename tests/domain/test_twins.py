"""What Python computes is what the compiled contracts compute: words, ids, licences, prices, lists, forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contrafact.domain.allow_list import AllowList
from contrafact.domain.commits import Commit
from contrafact.domain.grants import Grant, grants
from contrafact.domain.licences import licence_word
from contrafact.domain.orders import Eip712Domain, Quote, Source, approval_message, commit_message, order_id
from contrafact.domain.settlement import raised
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.domain.splits import account_id
from contrafact.domain.terms import NATIVE, Terms, TokenPrice, Use
from contrafact.domain.typed_data import digest as signed_digest
from contrafact.errors import InvalidOrder, NotPermitted

from ..contracts.chain import Chain, Contract, Reverted
from ..contracts.evm import Evm
from .documents import QUOTED, TERMS, digest
from .strategies import addresses, commits, digests, quotes, terms

FREE = replace(TERMS, uses=frozenset(Use), max_weight=PPM, valid_from=0, valid_until=0, training_price=0)


def priced(price: int, **changes: Any) -> Terms:
    return replace(FREE, prices=(TokenPrice(NATIVE, (price, 3 * price, 2 * price, 5 * price)),), **changes)


@dataclass(frozen=True)
class Contracts:
    """A catalogue with one model, and an escrow."""

    chain: Chain
    catalogue: Contract
    escrow: Contract
    model_id: bytes

    @property
    def domain(self) -> Eip712Domain:
        return Eip712Domain(int(self.escrow.get("eip712Domain")[3]), self.escrow.address)

    @property
    def licensor(self) -> str:
        return self.chain.accounts[0]

    def register(self, name: str, version: Terms, composition: bytes = bytes(32)) -> bytes:
        content = digest(name)
        self.catalogue.send(self.licensor, "register", (content, content, content, digest("split"), composition))
        work_id = bytes(self.catalogue.get("workIdOf", self.licensor, content))
        self.catalogue.send(self.licensor, "setTerms", work_id, digest("split"), list(version.to_words()))
        return work_id

    def quote(self, *sources: Source) -> Quote:
        """An offer for private use that the registered model takes."""
        quote = replace(QUOTED, use=Use.PRIVATE, drift=0, sources=sources)
        return replace(quote, model_id=self.model_id, pool_root=digest("pool"), base_rate=11)

    def permits(self, quote: Quote, versions: Sequence[Terms], given: Sequence[Grant] = ()) -> bool:
        words = [list(version.to_words()) for version in versions]
        try:
            self.catalogue.get("requirePermitted", quote.to_abi(), words, [grant.to_abi() for grant in given])
        except Reverted:
            return False
        return True


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    chain = Evm()
    desk = recovery = authority = chain.accounts[9]
    catalogue = chain.deploy("Catalogue", desk)
    escrow = chain.deploy("GenerationEscrow", catalogue.address, desk, recovery, authority)
    rates = [(NATIVE, 11)]
    digests = [digest(name) for name in ("w", "m", "pool", "d")]
    catalogue.send(chain.accounts[0], "registerModel", *digests, 0, rates, (0, PPM, bytes(32)))
    return Contracts(chain, catalogue, escrow, bytes(catalogue.get("modelIdOf", chain.accounts[0], digest("w"))))


@given(quote=quotes)
def test_order_ids_are_the_contracts(contracts: Contracts, quote: Quote) -> None:
    assert contracts.escrow.get("orderIdOf", quote.to_abi()) == order_id(quote, contracts.domain)


@given(quote=quotes, commit=commits)
def test_the_commits_digest_is_the_contracts(contracts: Contracts, quote: Quote, commit: Commit) -> None:
    sources = tuple(replace(QUOTED.sources[0], work_id=digest(str(i))) for i in range(len(commit.shares)))
    quote = replace(quote, sources=sources)
    own = replace(commit, order_id=order_id(quote, contracts.domain))
    expected = signed_digest(commit_message(own, contracts.domain))
    assert contracts.escrow.get("commitDigest", quote.to_abi(), commit.to_abi()) == expected


@given(version=terms)
def test_the_contract_reads_the_terms_that_were_written(contracts: Contracts, version: Terms) -> None:
    uses = version.uses | {Use.LIVE}
    rows = version.prices or (TokenPrice(NATIVE, (1, 2, 3, 4)),)
    assume(len({row.token for row in rows}) == len(rows))
    until = version.valid_until if version.valid_until > version.valid_from else 0
    weight, downstream = max(1, min(PPM, version.max_weight)), min(PPM, version.downstream)
    valid = replace(
        version, uses=uses, prices=rows, valid_until=until, max_weight=weight, downstream=downstream
    )  # fmt: skip
    flags = (valid.training, valid.inference, valid.combinable, valid.approval)
    listed = (valid.allow.lists_operators, valid.allow.lists_models)
    numbers = (sum(1 << use for use in uses), weight, downstream, valid.valid_from, until, valid.sunset)
    prices = tuple((row.token.lower(), row.prices) for row in rows)
    *head, root, found = contracts.catalogue.get("readTerms", list(valid.to_words()))
    assert tuple(head) == (*flags, *listed, *numbers, valid.training_price)
    assert root == valid.allow.root
    assert tuple((token.lower(), tuple(amounts)) for token, amounts in found) == prices


def test_the_stored_licence_is_the_word_of_split_terms_and_second(contracts: Contracts) -> None:
    version = priced(4, allow=AllowList.of([contracts.licensor]), approval=True)
    work_id = contracts.register("licensed", version)
    words = version.to_words()
    assert contracts.catalogue.get("licenceOf", work_id, 1) == licence_word(
        digest("split"), (), contracts.chain.now - 1
    )
    assert contracts.catalogue.get("licenceOf", work_id, 2) == licence_word(digest("split"), words, contracts.chain.now)


@given(work=digests, root=digests, token=addresses)
def test_account_ids_are_the_contracts(contracts: Contracts, work: bytes, root: bytes, token: str) -> None:
    assert contracts.escrow.get("accountId", (work, root, token)) == account_id(work, root, token)


# Orders over works that are registered


@dataclass(frozen=True)
class Stage:
    """Three works of one licensor: a tune, a recording, and the song that it is of."""

    contracts: Contracts
    versions: dict[bytes, Terms]
    recording: bytes
    song: bytes
    tune: bytes

    def source(self, work_id: bytes, weight: int, through: int = 0) -> Source:
        version = self.versions[work_id]
        price = version.price(Use.PRIVATE, NATIVE)
        return Source(work_id, 2, digest("split"), weight, 0, price, version.downstream, through)

    @property
    def quote(self) -> Quote:
        """Recording and tune, half each, with the recording's song."""
        chosen = sorted([self.recording, self.tune])
        song = self.source(self.song, 0, 1 + chosen.index(self.recording))
        sources = (*(self.source(work_id, PPM // 2) for work_id in chosen), song)
        return self.contracts.quote(*sources)

    def terms(self, quote: Quote) -> list[Terms]:
        return [self.versions.get(source.work_id, FREE) for source in quote.sources]

    def permits(self, quote: Quote) -> bool:
        return self.contracts.permits(quote, self.terms(quote))


@pytest.fixture(scope="module")
def stage(contracts: Contracts) -> Stage:
    versions = {"song": priced(100, downstream=20_000), "recording": priced(40), "tune": priced(7, downstream=5_000)}
    song = contracts.register("song", versions["song"])
    recording = contracts.register("recording", versions["recording"], song)
    tune = contracts.register("tune", versions["tune"])
    known = {song: versions["song"], recording: versions["recording"], tune: versions["tune"]}
    return Stage(contracts, known, recording, song, tune)


def test_an_order_with_a_recording_costs_what_the_contract_says(stage: Stage) -> None:
    assert stage.permits(stage.quote)
    for duration in (1, 30, 31, 600, 14_400):
        quote = replace(stage.quote, duration=duration)
        assert stage.contracts.escrow.get("escrowOf", quote.to_abi()) == quote.escrow


WRONG: list[dict[str, Any]] = [
    {"duration": 0},
    {"duration": 601},
    {"duration": 600},
    {"use": Use.LIVE, "duration": 601},
    {"drift": 1},
    {"max_base_share": PPM},
    {"max_base_share": PPM + 1},
    {"sources": ()},
]
REORDERED = [(1, 0, 2), (2, 0, 1), (0, 2, 1), (0, 1, 2, 2), (0, 0, 2)]


@pytest.mark.parametrize("fields", WRONG)
def test_an_order_has_the_contracts_form_or_is_refused_by_both(stage: Stage, fields: dict[str, Any]) -> None:
    quote = replace(stage.quote, **fields)
    if quote.use is Use.LIVE:
        live = [replace(s, price=stage.versions[s.work_id].price(Use.LIVE, NATIVE)) for s in quote.sources]
        quote = replace(quote, sources=tuple(live))
    assert has_form(quote) == stage.permits(quote)


@pytest.mark.parametrize("order", REORDERED)
def test_sources_in_another_order_are_refused_by_both(stage: Stage, order: tuple[int, ...]) -> None:
    quote = replace(stage.quote, sources=tuple(stage.quote.sources[i] for i in order))
    assert has_form(quote) is stage.permits(quote) is False


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("changes", [{"weight": 1}, {"min_share": PPM + 1}, {"through": 3}, {"min_share": 1}])
def test_sources_of_another_form_are_refused_by_both(stage: Stage, place: int, changes: dict[str, int]) -> None:
    sources = list(stage.quote.sources)
    sources[place] = replace(sources[place], **changes)  # type: ignore[arg-type]
    quote = replace(stage.quote, sources=tuple(sources))
    assert has_form(quote) == stage.permits(quote)


def has_form(quote: Quote) -> bool:
    try:
        quote.check()
    except InvalidOrder:
        return False
    return True


@given(
    duration=st.integers(1, 600),
    before=st.sampled_from([Use.PRIVATE, Use.COMMERCIAL, Use.BROADCAST]),
    after=st.sampled_from([Use.PRIVATE, Use.COMMERCIAL, Use.BROADCAST]),
    parts=st.lists(st.integers(1, PPM), min_size=3, max_size=3),
)
def test_a_raise_costs_what_the_contract_says(
    stage: Stage, duration: int, before: Use, after: Use, parts: list[int]
) -> None:
    base, *shares = largest_remainder(parts)
    quote, versions = stage.quote, stage.terms(stage.quote)
    commit = Commit(digest("o"), digest("r"), digest("p"), digest("e"), duration, base, tuple(shares))
    words = [list(version.to_words()) for version in versions]
    found = stage.contracts.catalogue.get("differences", quote.to_abi(), commit.to_abi(), before, after, words)
    old, new = (tuple(version.price(use, NATIVE) for version in versions) for use in (before, after))
    assert tuple(found) == raised(replace(quote.rates, prices=old), new, duration, shares)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_listed_operators_and_models_are_granted_and_no_others(contracts: Contracts, count: int) -> None:
    operators = [f"0x{i:040x}" for i in range(1, count + 1)]
    allow = AllowList.of(operators, [contracts.model_id])
    version = priced(9, allow=allow)
    work_id = contracts.register(f"listed {count}", version)
    source = Source(work_id, 2, digest("split"), PPM, 0, 9)
    quote = contracts.quote(source)
    for operator in operators:
        own = replace(quote, operator=operator)
        assert contracts.permits(own, [version], grants(own, [version], {}))
    stranger = replace(quote, operator=contracts.licensor)
    with pytest.raises(NotPermitted):
        grants(stranger, [version], {})
    borrowed = Grant(allow.operator_proof(operators[0]), allow.model_proof(contracts.model_id))
    assert not contracts.permits(stranger, [version], [borrowed])


def test_the_licensors_approval_is_what_the_contract_asks_for(contracts: Contracts) -> None:
    version = priced(9, approval=True)
    work_id = contracts.register("approved", version)
    source = Source(work_id, 2, digest("split"), PPM, 0, 9)
    quote = contracts.quote(source)
    domain = replace(contracts.domain, contract=contracts.licensor)  # the caller, which stands for an escrow here
    message = approval_message(order_id(quote, domain), work_id, domain)
    signature = bytes(contracts.chain.keys[contracts.licensor].sign_message(message).signature)
    assert contracts.permits(quote, [version], grants(quote, [version], {work_id: signature}))
    other = replace(quote, nonce=quote.nonce + 1)
    assert not contracts.permits(other, [version], grants(other, [version], {work_id: signature}))
