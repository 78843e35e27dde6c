"""Offers as operators make them, in every shape, and twisted ones that the rules have something against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contrafact.domain.orders import Quote, Source, approval_message, order_message
from contrafact.domain.prices import Use
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Terms

from ..chain import NATIVE
from ..hostile import malleated
from ..test_relayed_funding import NO_PERMIT, sign_for_token, vrs
from ..world import DAY, Deal, digest
from .people import FuzzWorld
from .rights import NO_WORK, Rights, Work

FEES = (0, 1, 250_000)
DURATIONS = (1, 29, 30, 31, 600)
OWN, OTHER, RELAY, PERMIT, AUTHORISATION = (
    "fund",
    "fund by another",
    "fundFor",
    "fundFor with permit",
    "fundWithAuthorization",
)


@dataclass(frozen=True)
class Offer:
    """An order that somebody tries to fund, with what is wrong about it, if anything is."""

    quote: Quote
    terms: tuple[Terms, ...]
    signer: str
    way: str = OWN
    salt: bytes = digest(0x5A)
    value_off: int = 0
    malleated: bool = False
    spare_bit: bool = False
    approved: bool = True
    maker_salt_off: bool = False


def parts(rng: Any, count: int, whole: int, least: int = 0) -> list[int]:
    """`whole` in parts of at least `least`, with zeros, ones and giants among them."""
    free = whole - count * least
    cuts = sorted(rng.choice((0, 1, free, rng.randint(0, free))) for _ in range(count - 1))
    cuts = [min(cut, free) for cut in cuts]
    return [b - a + least for a, b in zip([0, *cuts], [*cuts, free], strict=True)]


def draw(
    rng: Any,
    world: FuzzWorld,
    rights: Rights,
    nonce: int,
    operator: str,
    token: str = "",
    maker: str = "",
    chosen: Sequence[Work] = (),
    model_id: bytes = b"",
) -> Offer:
    """An offer over works as they stand now, mostly without any reason against it. Chance adds what is not given."""
    works = sorted(chosen or _some_works(rng, rights), key=lambda work: work.work_id)
    token, use = token or rng.choice(world.tokens), rng.choice(list(Use))
    maker = maker or rng.choice(world.makers)
    if maker == world.mute:
        token = world.usd.address
    model_id = model_id or rng.choice(list(world.models))
    pool, rates = world.models[model_id]
    songs = [(i + 1, rights.works[work.composition]) for i, work in enumerate(works) if work.composition != NO_WORK]
    weights = parts(rng, len(works), PPM, least=1)
    lowest = [rng.choice((0, weight // 4, weight)) for weight in weights]
    sources = [_source(work, use, token, *bounds) for work, *bounds in zip(works, weights, lowest, strict=True)]
    sources += [_source(song, use, token, 0, 0, through) for through, song in songs]
    now = world.chain.now
    quote = Quote(
        maker=maker,
        operator=operator,
        model_id=model_id,
        pool_root=pool.root,
        token=token,
        use=use,
        duration=rng.choice((*DURATIONS, 14_400) if use is Use.LIVE else DURATIONS),
        drift=rng.choice((0, 1, 100_000)) if use is Use.LIVE else 0,
        request_digest=digest(1),
        seed_commitment=digest(2),
        base_rate=rates[token][0],
        operator_fee=rng.choice(FEES),
        max_base_share=rng.choice((0, 1, 400_000, PPM)),
        valid_until=now + rng.choice((0, 3600)),
        deadline=now + rng.choice((300, 3600, DAY, 7 * DAY)),
        nonce=nonce,
        sources=tuple(sources),
    )
    terms = tuple(work.terms for work in (*works, *(song for _, song in songs)))
    return Offer(quote, terms, operator, _way(rng, world, quote))


def _some_works(rng: Any, rights: Rights) -> list[Work]:
    works = list(rights.works.values())
    if rng.random() < 0.9:
        works = [work for work in works if work.terms.inference and not work.contests and not work.barred] or works
    return list(rng.sample(works, min(len(works), rng.choice((1, 1, 2, 3, 8)))))


def _source(work: Work, use: Use, token: str, weight: int, lowest: int, through: int = 0) -> Source:
    price = {row.token: row.prices for row in work.terms.prices}.get(token, (0,) * 4)[use]
    root, downstream = work.split.root, work.terms.downstream
    return Source(work.work_id, work.version, root, weight, lowest, price, downstream, through)


def _way(rng: Any, world: FuzzWorld, quote: Quote) -> str:
    if quote.maker == world.mute:
        return str(rng.choice((PERMIT, PERMIT, PERMIT, AUTHORISATION, AUTHORISATION, RELAY)))
    if quote.token == world.usd.address and quote.maker not in world.dolls:
        return str(rng.choice((OWN, RELAY, AUTHORISATION)))
    return str(rng.choice((OWN, OWN, OWN, RELAY) if quote.token != NATIVE or rng.random() < 0.1 else (OWN,)))


def changed(offer: Offer, **changes: Any) -> Offer:
    """The same with another quote."""
    return replace(offer, quote=replace(offer.quote, **changes))


def worth(offer: Offer, escrowed: int) -> Offer | None:
    """The same for this escrow, by another fee; None where it costs more without any."""
    fee = escrowed - escrow_of(offer.quote) + offer.quote.operator_fee
    return changed(offer, operator_fee=fee) if 0 <= fee < 2**96 else None


# Twists


def _with_source(rng: Any, offer: Offer, **changes: Callable[[Any], Any]) -> Offer:
    sources = list(offer.quote.sources)
    at = rng.randrange(len(sources))
    given = {name: change(getattr(sources[at], name)) for name, change in changes.items()}
    sources[at] = replace(sources[at], **given)
    return changed(offer, sources=tuple(sources))


Twist = Callable[[Any, Offer], Offer]
TWISTS: Sequence[Twist] = (
    lambda rng, o: _with_source(rng, o, terms_version=lambda v: max(1, v - 1)),
    lambda rng, o: _with_source(rng, o, terms_version=lambda v: v + 1),
    lambda rng, o: _with_source(rng, o, price=lambda p: p + 1),
    lambda rng, o: _with_source(rng, o, price=lambda p: max(0, p - 1)),
    lambda rng, o: _with_source(rng, o, split_root=lambda r: digest(9)),
    lambda rng, o: _with_source(rng, o, downstream=lambda d: d + 1),
    lambda rng, o: _with_source(rng, o, weight=lambda w: w + 1),
    lambda rng, o: _with_source(rng, o, min_share=lambda m: PPM + 1),
    lambda rng, o: _with_source(rng, o, work_id=lambda w: digest(3)),
    lambda rng, o: changed(o, sources=o.quote.sources[::-1]),
    lambda rng, o: replace(changed(o, sources=o.quote.sources[:1] + o.quote.sources), terms=o.terms[:1] + o.terms),
    lambda rng, o: changed(o, base_rate=o.quote.base_rate + 1),
    lambda rng, o: changed(o, pool_root=digest(9)),
    lambda rng, o: changed(o, duration=0),
    lambda rng, o: changed(o, drift=o.quote.drift + PPM),
    lambda rng, o: changed(o, max_base_share=PPM + 1),
    lambda rng, o: changed(o, deadline=o.quote.valid_until + 8 * DAY),
    lambda rng, o: changed(o, deadline=o.quote.valid_until - 3600),
    lambda rng, o: changed(o, valid_until=o.quote.valid_until - 3601),
    lambda rng, o: replace(o, signer=rng.choice((o.quote.maker, *_KEYS))),
    lambda rng, o: replace(o, malleated=True),
    lambda rng, o: replace(o, spare_bit=True),
    lambda rng, o: replace(o, approved=False),
    lambda rng, o: replace(o, way=OTHER if o.way == OWN else o.way),
    lambda rng, o: replace(o, value_off=rng.choice((1, -1))),
    lambda rng, o: replace(o, maker_salt_off=True),
)
_KEYS: list[str] = []  # whose signatures a forger has: filled by `forgers`


def forgers(keys: Sequence[str]) -> None:
    _KEYS[:] = keys


# What is sent


def signed(world: FuzzWorld, offer: Offer) -> Deal:
    """The deal with the operator's signature, and the licensors' approvals that the terms ask for."""
    deal = world.deal(offer.quote, offer.terms, offer.signer)
    signature = malleated(deal.signature) if offer.malleated else deal.signature
    return replace(deal, salt=offer.salt, signature=signature)


def approvals(world: FuzzWorld, offer: Offer, deal: Deal, rights: Rights) -> dict[bytes, bytes]:
    """Signatures by work id; of a licensor for other works where they are not `approved`."""
    found = {}
    for source, terms in zip(offer.quote.sources, offer.terms, strict=True):
        work = rights.works.get(source.work_id)
        if terms.approval and work:
            message = approval_message(deal.order_id, source.work_id if offer.approved else digest(3), world.domain)
            found[source.work_id] = bytes(world.chain.keys[work.licensor].sign_message(message).signature)
    return found


def arguments(world: FuzzWorld, offer: Offer, deal: Deal, given: dict[bytes, bytes]) -> tuple[str, tuple[Any, ...]]:
    """The function, and what it takes."""
    maker_word, *rest = offer.quote.to_abi()
    quote = (maker_word | offer.spare_bit << 224, *rest)  # type: ignore[operator]
    words = [list(terms.to_words()) for terms in offer.terms]
    grants = [
        _grant(offer, terms, given.get(source.work_id, b""))
        for source, terms in zip(offer.quote.sources, offer.terms, strict=True)
        if terms.approval or terms.allow.listed
    ]
    common = (quote, words, grants, offer.salt, deal.signature)
    return offer.way.split()[0], (*common, *_makers_consent(world, offer, deal))


def _grant(offer: Offer, terms: Terms, approval: bytes) -> tuple[list[bytes], list[bytes], bytes]:
    listed = terms.allow.lists_operators and offer.quote.operator in terms.allow.operators
    return list(terms.allow.operator_proof(offer.quote.operator)) if listed else [], [], approval


def _makers_consent(world: FuzzWorld, offer: Offer, deal: Deal) -> tuple[Any, ...]:
    quote, maker = offer.quote, offer.quote.maker
    salt = digest(1) if offer.maker_salt_off else offer.salt
    if offer.way == AUTHORISATION:
        nonce = bytes(world.escrow.get("authorizationNonce", deal.order_id, salt))
        values = {"from": maker, "to": world.escrow.address, "value": escrow_of(quote), "validAfter": 0}
        values |= {"validBefore": quote.valid_until + 1, "nonce": nonce}
        return vrs(sign_for_token(world, "ReceiveWithAuthorization", maker, **values))
    if offer.way in (RELAY, PERMIT):
        signature = bytes(world.chain.keys[maker].sign_message(order_message(quote, salt, world.domain)).signature)
        return signature, _permit(world, quote) if offer.way == PERMIT else NO_PERMIT
    return ()


def _permit(world: FuzzWorld, quote: Quote) -> tuple[Any, ...]:
    nonce, until = world.usd.get("nonces", quote.maker), max(quote.valid_until, 1)
    values = {"owner": quote.maker, "spender": world.escrow.address, "value": escrow_of(quote), "nonce": nonce}
    return until, *vrs(sign_for_token(world, "Permit", quote.maker, **values, deadline=until))


def escrow_of(quote: Quote) -> int:
    """The dearest work, a recording with its composition, or the base: for all units, and the fee."""
    songs = {source.through: source.price for source in quote.sources if source.through}
    prices = [source.price + songs.get(place + 1, 0) for place, source in enumerate(quote.inference_set)]
    return max([*prices, quote.base_rate]) * -(-quote.duration // 30) + quote.operator_fee


def coin(offer: Offer, escrowed: int) -> int:
    """How much native coin is sent along."""
    if offer.quote.token != NATIVE or offer.way not in (OWN, OTHER):
        return 0
    return max(0, escrowed + offer.value_off)
