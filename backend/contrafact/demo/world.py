"""The demo's little world: who is who on the development chain, which tunes they hold, and on what terms.

The tunes are real and old; the people are fictitious, and so are their claims. Their addresses are accounts of
the development chain whose keys everybody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice

from eth_account import Account
from eth_account.signers.local import LocalAccount

from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.music.pack import Pack, PackedTune

MNEMONIC = "test test test test test test test test test test test junk"
WORKS = 56
NOTE = "Demonstration entry: the rights holders are fictitious, the tune is old enough to be free."
CENT = 10_000  # units of the six-decimal test dollar

EVERYWHERE = frozenset(Use)
AT_HOME = frozenset({Use.PRIVATE})


@dataclass(frozen=True, slots=True)
class Holder:
    """A fictitious rights holder and the terms it sets: uses, cents per started 30 seconds, highest weight."""

    name: str
    account: int
    uses: frozenset[Use]
    cents: tuple[int, int, int, int]
    max_weight: int = 1_000_000
    training: bool = False
    combinable: bool = True


HOLDERS = (
    Holder("Maeve Brannigan (fictitious)", 3, EVERYWHERE, (20, 90, 150, 60), training=True),
    Holder("Lantern Street Music (fictitious)", 4, EVERYWHERE, (35, 140, 240, 90)),
    Holder("Tobias Okonkwo-Rell (fictitious)", 5, AT_HOME, (12, 0, 0, 0), training=True),
    Holder("The Quarry Singers' Trust (fictitious)", 6, EVERYWHERE, (25, 110, 200, 75), max_weight=600_000),
    Holder("Ines Falkenrath (fictitious)", 7, frozenset({Use.PRIVATE, Use.LIVE}), (18, 0, 0, 40)),
    Holder("Harbour & Heron Editions (fictitious)", 8, EVERYWHERE, (50, 200, 320, 150), combinable=False),
    Holder("Ruaridh Mac Aonghais (fictitious)", 9, EVERYWHERE, (15, 80, 120, 50), training=True),
    Holder("Kestrel Collective (fictitious)", 10, frozenset({Use.PRIVATE, Use.COMMERCIAL}), (22, 95, 0, 0)),
)
DEPLOYER, OPERATOR, MAKER = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Steward:
    """A fictitious keeper of a collection, who lets models learn from all of it and sells no piece made from it."""

    name: str
    account: int
    collection: str


STEWARDS = (
    Steward("The Saint Brendan Chorale Library (fictitious)", 11, "bach"),
    Steward("Glenmarrow Tune Archive (fictitious)", 12, "oneill"),
    Steward("The Ferris & Quill Estate (fictitious)", 13, "ryan"),
)
TO_TRAIN = Terms(True, False, frozenset(), False, 0, 0, 0, 0, ())


@dataclass(frozen=True, slots=True)
class Entry:
    """A tune of the catalogue with the holder who licenses it and the split of its royalties."""

    tune: PackedTune
    licensor: Holder
    split: Split


@cache
def account(index: int) -> LocalAccount:
    """Account `index` of the development chain. Kept: to derive a key takes milliseconds, by design."""
    Account.enable_unaudited_hdwallet_features()
    made: LocalAccount = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
    return made


def names() -> dict[str, str]:
    """Who may be whom, by address: the maker, the rights holders, the collections' keepers, the operator."""
    people = [(MAKER, "A music maker (fictitious)")]
    people += [(who.account, who.name) for who in (*HOLDERS, *STEWARDS)]
    return {account(index).address: name for index, name in (*people, (OPERATOR, "The service's operator"))}


def catalogue(pack: Pack) -> list[Entry]:
    """`WORKS` tunes, the collections taken in turn, dealt to the holders; some are shared by two or three."""
    return [_entry(i, tune) for i, tune in enumerate(_in_turn(pack))]


def terms(holder: Holder, token: str) -> Terms:
    """The terms a holder sets for each of its works, with prices in `token`."""
    private, commercial, broadcast, live = (cents * CENT for cents in holder.cents)
    return Terms(
        training=holder.training,
        inference=True,
        uses=holder.uses,
        combinable=holder.combinable,
        max_weight=holder.max_weight,
        valid_from=0,
        valid_until=0,
        training_price=0,
        prices=(TokenPrice(token, (private, commercial, broadcast, live)),),
    )


def _in_turn(pack: Pack) -> list[PackedTune]:
    """Tunes of the catalogue role, one collection after the other, evenly spread over each."""
    tunes = pack.by_role("catalogue")
    collections = [[t for t in tunes if t.collection == name] for name in sorted({t.collection for t in tunes})]
    each = -(-WORKS // len(collections))
    spread = [iter(islice(some, 0, None, max(1, len(some) // each))) for some in collections]
    return list(islice((tune for some in cycle(spread) if (tune := next(some, None))), WORKS))


def _entry(i: int, tune: PackedTune) -> Entry:
    people = [HOLDERS[(i + step) % len(HOLDERS)] for step in range(3)]
    parts = (1_000_000,)
    if i % 8 == 7:
        parts = (500_000, 333_333, 166_667)  # type: ignore[assignment]
    elif i % 3 == 2:
        parts = (650_000, 350_000)  # type: ignore[assignment]
    held = [(account(who.account).address, part) for who, part in zip(people, parts, strict=False)]
    return Entry(tune, people[0], Split.of(held))
