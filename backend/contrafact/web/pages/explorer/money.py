"""The sums of all money as the explorer shows them: a line each, and as a picture of flows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import NATIVE
from contrafact.statements.figures import Figures
from contrafact.web.pages.explorer.flows import Band, Picture, pictures
from contrafact.web.pages.explorer.views import money, moneys, names
from contrafact.web.pages.words import short
from contrafact.web.reads.network import own_accounts
from contrafact.web.schemas.fields import Money
from contrafact.web.services import Services

TOP = 8
"""Works, and holders, that the picture shows by name; the rest are “others”."""
MAKERS = "makers"


@dataclass(frozen=True, slots=True)
class TokenMoney:
    """The money of one token; every unit that came in is in one of `out`. `sent` reached wallets of that already."""

    token: str
    came_in: Money
    out: tuple[tuple[str, str, Money], ...]
    sent: Money
    to_holders: Money
    flows: tuple[Picture, ...]
    rows: tuple[tuple[str, str, Money], ...]


def money_of(services: Services, figures: Figures) -> list[TokenMoney]:
    """One entry a token that anything was paid in: the service's first, the chain's coin, then by number of units."""
    first = (services.token, NATIVE)
    tokens = [token for token in figures.tokens if figures.came_in(token)]
    return [
        _of(services, figures, token)
        for token in sorted(
            tokens, key=lambda token: (token in first, token == first[0], figures.came_in(token)), reverse=True
        )
    ]


def _of(services: Services, figures: Figures, token: str) -> TokenMoney:
    sums = figures.of(token)
    out = (
        ("To rights holders", "by measured shares", figures.to_works(token)),
        ("To training pools", "for works that models learnt from", figures.to_pools(token)),
        ("To operators", "their fee, for making the piece", sums.fees.total()),
        ("Back to makers", "what was not used, or not delivered", sums.back),
        ("Waiting", "in escrow, for pieces being made", sums.waiting),
    )
    drawn = _drawn(services, figures, token)
    return TokenMoney(
        token=token,
        came_in=money(services, figures.came_in(token), token),
        out=tuple((name, why, money(services, units, token)) for name, why, units in out),
        sent=money(services, sums.drawn + sums.claimed, token),
        to_holders=money(services, figures.to_works(token), token),
        flows=pictures(drawn.bands, drawn.names, services.currency(token).format, drawn.addresses),
        rows=tuple(
            (drawn.called(band.start), drawn.called(band.end), money(services, band.units, token))
            for band in drawn.bands
            if band.units
        ),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """Bands of money, and what their nodes are called; `addresses` of those that have a name beside it."""

    bands: list[Band]
    names: dict[str, str]
    addresses: dict[str, str]

    def add_holder(self, key: str, holder: str, named: Mapping[str, str]) -> None:
        """`named` are names of people, by address."""
        self.names[key] = named.get(holder, short_address(holder))
        if holder in named:
            self.addresses[key] = short(holder)

    def called(self, key: str) -> str:
        return f"{self.names[key]} {self.addresses[key]}" if key in self.addresses else self.names[key]


def _drawn(services: Services, figures: Figures, token: str) -> Drawn:
    """Makers → works, pools, operators, makers again; works → their holders."""
    sums, credited = figures.of(token), figures.beneficiaries(token)
    works = Counter({who: units for who, units in credited.items() if who not in figures.models and units > 0})
    pools = {who: units for who, units in credited.items() if who in figures.models}
    top = [who for who, _ in works.most_common(TOP)]
    called = names(services, [*top, *pools])
    found = Drawn([], {MAKERS: "Makers", "": "Other works"}, {})
    for place, who in enumerate(top):
        found.names[_key(who)] = called[who]
        found.bands.append(Band(MAKERS, _key(who), works[who], f"s{place % 8 + 1}"))
    found.bands.append(Band(MAKERS, "", works.total() - sum(works[who] for who in top), "s0"))
    for who, units in pools.items():
        found.names[_key(who)] = f"Training pool of {called[who]}"
        found.bands.append(Band(MAKERS, _key(who), units, "s0"))
    rest = (("operators", "Operators", sums.fees.total()), ("back", "Back to makers", sums.back))
    for key, name, units in (*rest, ("waiting", "Waiting in escrow", sums.waiting)):
        found.names[key] = name
        found.bands.append(Band(MAKERS, key, units, "plain"))
    return _with_holders(services, figures, token, found)


def _with_holders(services: Services, figures: Figures, token: str, drawn: Drawn) -> Drawn:
    """What each of the shown works earned for whom; what its published splits do not tell is said to be so."""
    colours = {band.end: band.colour for band in drawn.bands}
    parts = [
        (_key(work) if _key(work) in drawn.names else "", holder, units)
        for work, holder, units in _parts(services, figures, token)
    ]
    by_holder: Counter[str] = Counter()
    for _, holder, units in parts:
        by_holder[holder] += units
    shown, named = {holder for holder, _ in by_holder.most_common(TOP)}, own_accounts(services)
    bands: Counter[tuple[str, str]] = Counter()
    for work, holder, units in parts:
        key = f"holder {holder}" if holder in shown else "holder"
        drawn.add_holder(key, holder if holder in shown else "Other holders", named)
        bands[work, key] += units
    sizes: Counter[str] = Counter()
    for (_, end), units in bands.items():
        sizes[end] += units
    ordered = sorted(bands.items(), key=lambda band: -sizes[band[0][1]])  # the largest holder stands on top
    drawn.bands.extend(Band(start, end, units, colours[start]) for (start, end), units in ordered)
    return drawn


def _parts(
    services: Services, figures: Figures, token: str, works: Collection[bytes] | None = None
) -> list[tuple[bytes, str, int]]:
    """(work, holder, units): floor(received × share), as the contract pays, and what rounding leaves in the account.

    Of all works, or of some.
    """
    accounts = {
        key: of
        for key, of in figures.accounts.items()
        if of.token == token and figures.received[key] > 0 and (works is None or of.beneficiary in works)
    }
    splits = services.read_model.splits(of.split_root for of in accounts.values())
    found = []
    for key, of in accounts.items():
        if of.beneficiary not in figures.models:
            parts = _shared(figures.received[key], splits.get(of.split_root))
            found += [(of.beneficiary, holder, units) for holder, units in parts.items()]
    return found


def _shared(received: int, split: Split | None) -> dict[str, int]:
    parts: Counter[str] = Counter()
    for leaf in split.leaves if split else ():
        parts[leaf.holder] += received * leaf.share // PPM
    if rest := received - parts.total():
        parts["Left by rounding" if split else "Holders not published"] = rest
    return dict(parts)


def earned_by_holder(services: Services, figures: Figures, work: bytes, token: str) -> dict[str, int]:
    """What a work earned in a token, by holder."""
    found: Counter[str] = Counter()
    for _, holder, units in _parts(services, figures, token, [work]):
        found[holder] += units
    return dict(found)


def earned_of_works(
    services: Services, figures: Figures, holder: str, works: Collection[bytes]
) -> dict[bytes, list[Money]]:
    """What each of these works brought the holder, one amount a token: what the works' own pages say of it."""
    found: dict[bytes, Counter[str]] = {work: Counter() for work in works}
    for token in figures.tokens:
        for work, who, units in _parts(services, figures, token, works):
            if who == holder:
                found[work][token] += units
    return {work: moneys(services, sums) for work, sums in found.items()}


def work_flows(
    services: Services, figures: Figures, work: bytes, title: str, token: str, named: Mapping[str, str]
) -> tuple[Picture, ...]:
    """The money of one work: from the makers of its orders to its holders, some of whom have names."""
    parts = earned_by_holder(services, figures, work, token)
    drawn = Drawn([Band(MAKERS, _key(work), sum(parts.values()), "s1")], {MAKERS: "Makers", _key(work): title}, {})
    for who, units in parts.items():
        drawn.add_holder(f"holder {who}", who, named)
        drawn.bands.append(Band(_key(work), f"holder {who}", units, "s1"))
    return pictures(drawn.bands, drawn.names, services.currency(token).format, drawn.addresses)


def short_address(who: str) -> str:
    """An address as people compare it; of what is none, the words."""
    return short(who) if who.startswith("0x") else who


def _key(beneficiary: bytes) -> str:
    return beneficiary.hex()
