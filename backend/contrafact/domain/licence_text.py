"""The licence that goes with a piece, in plain language (`contrafact/licence/2`): made of the pinned terms alone.

The text is a pure function of what is on the chain and in the documents of the works, so anybody can make it again and
compare digests. It gives no right that the terms do not give. Another wording is another version of the template.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contrafact.domain import addresses
from contrafact.domain.credit_lines import in_words
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.licence_facts import Licence, LicensedWork
from contrafact.domain.money import decimal
from contrafact.domain.orders import Quote
from contrafact.domain.settlement import units
from contrafact.domain.terms import Use
from contrafact.errors import NotPermitted

TEMPLATE, FIRST = "contrafact/licence/2", "contrafact/licence/1"
TEMPLATES = (TEMPLATE, FIRST)
"""The newest first. The first one left the letters of ABC fields in credits, and explained amounts where there are
none; records that name a text of it hold."""
WIDER = (Use.PRIVATE, Use.COMMERCIAL, Use.BROADCAST)
"""Uses from narrow to wide, as the contract raises them. A live order cannot be raised."""
_LONGEST = 200
_NOT_PAID = """\
NOT PAID YET. This is what the licence will say when the order is paid, made and committed.
Until then nothing is licensed.
"""
_HEAD = """\
{template}

Some rights holders let their works be used to make one piece of music. This is what they permit
with that piece. The text is made from their licence terms, as the order for the piece pinned them
on a blockchain, and adds nothing to those terms.

Order       {order}
Piece       {length} seconds, made by a generative model with the works that are listed under 4
In force    once the chain shows the order as committed; a refunded order licenses nothing
"""
_WHO = """\
1. WHO MAY USE THE PIECE
The maker of the order: the holder of the address {maker}.
The terms name nobody else, and say nothing about passing the permission on.
"""
_WHAT = """\
2. WHAT FOR, AND UNTIL WHEN
For {use} use. The terms give this one word and do not define it further.
There is no end date. The terms' own dates say when orders could be placed, not how long a piece may be used.
If a work's terms change later, or its licensor opts out, that counts for later orders only.
"""
_NOT = """\
3. WHAT THIS DOES NOT PERMIT
- Any other use of the piece than {use} use{raising}.
- Any use of the works apart from this piece. Another piece made with them needs an order of its own.
- Training a model on the works. That is a separate permission in their terms, and no part of this one.
"""
_CREDIT = """\
4. WHOM TO CREDIT
The terms set no rule for credits. These are the works, as their licensors' documents describe them:
"""
_MADE_BY = """\
Made with the model {name} ({model}).
Run by the operator {operator}.
"""
_CHECK = """\
7. WHERE THIS CAN BE CHECKED
Chain       {chain}
Contract    {contract}
Order       {order}
Model       {model}
Token       {token}, its amounts written with {decimals} decimals
The order pins the works and the versions of their terms that are listed under 4; the chain keeps
every version. How much of each work is in the piece stands in the attribution record that the
order was committed with.
With the software Contrafact: contrafact licence {order}
"""


_REVENUE = """\
The part that is a work is the revenue times the work's share of the piece, which the attribution
record states. Anybody can pay revenue to the order, at the contract, which divides it.
"""
_WIDENING = """\
Uses widen from private to commercial to broadcast, and a use that was paid for is never taken back.
At its pinned terms this order can be raised
"""
_SHARED = """\
Each amount is what the raise would cost if the piece were made wholly of that one work. Each work
costs its share of the piece of that amount, up to the rounding of the token's smallest unit; a
composition that is used through a recording has the recording's share. Amounts are in the order's
token, which is named under 7.
"""


def licence_text(licence: Licence, *, paid: bool = True, template: str = TEMPLATE) -> bytes:
    """The text in UTF-8, the same for the same facts; not `paid` is what it will say, and says so.

    `template` is one of TEMPLATES.
    """
    quote, use = licence.quote, licence.use.name.lower()
    can_be_raised = any(not _refusing(licence, wider) for wider in _wider(licence))
    parts = [
        _HEAD.format(template=_title(paid, template), order=to_hex(licence.order_id), length=_length(quote)),
        _WHO.format(maker=addresses.checksummed(quote.maker)),
        _WHAT.format(use=use),
        _NOT.format(use=use, raising=", unless the order is raised to it (see 6)" if can_be_raised else ""),
        _CREDIT + "".join(_credited(work, template) for work in licence.works) + _made_by(licence),
        "".join(_later(licence)),
        "".join(_raising(licence, always=template == FIRST)),
        _check(licence),
    ]
    return "\n".join(parts).encode()


def licence_digest(licence: Licence, template: str = TEMPLATE) -> bytes:
    """SHA-256 of the text of a paid order, which its attribution record names."""
    return sha256(licence_text(licence, template=template))


def template_of(licence: Licence, digest: bytes) -> str | None:
    """The template by which the text of a paid order has this digest; None where it is another text."""
    return next((each for each in TEMPLATES if licence_digest(licence, each) == digest), None)


def _title(paid: bool, template: str) -> str:
    head = f"LICENCE FOR ONE PIECE OF MUSIC ({template})"
    return head if paid else f"{head}\n\n{_NOT_PAID.rstrip()}"


def _length(quote: Quote) -> str:
    return f"up to {quote.duration}" if quote.use is Use.LIVE else str(quote.duration)


def _credited(work: LicensedWork, template: str) -> str:
    """What a work's document says of it; its own words in quotation marks, a line each."""
    told, source = work.description, work.source
    credits = told.credits if template == FIRST else tuple(map(in_words, told.credits))
    lines = [f"- {_quoted(told.title)}, a {told.kind}"]
    lines += [f"  By {', '.join(map(_quoted, credits))}"] if credits else []
    named = {"Collection": told.collection, "Reference": told.catalogue_id}
    lines += [f"  {name} {_quoted(words)}" for name, words in named.items() if words]
    numbers = {"ISRC": told.identifiers.isrc, "ISWC": told.identifiers.iswc}
    lines += [f"  {name} {number}" for name, number in numbers.items() if number]
    lines.append(f"  Licensor {addresses.checksummed(work.licensor)}")
    lines.append(f"  Work {to_hex(source.work_id)}, licence terms version {source.terms_version}")
    return "\n".join(lines) + "\n"


def _made_by(licence: Licence) -> str:
    operator = addresses.checksummed(licence.quote.operator)
    return _MADE_BY.format(name=_quoted(licence.model_name), model=to_hex(licence.quote.model_id), operator=operator)


def _later(licence: Licence) -> Iterator[str]:
    """What the terms ask for of later revenue."""
    yield "5. WHAT IS TO BE PAID LATER\n"
    asking = [work for work in licence.works if work.source.downstream]
    if not asking:
        yield "Nothing: no work's terms ask for a part of what the piece earns.\n"
        return
    yield "Of the revenue that the piece earns, the terms ask for these parts:\n"
    for work in asking:
        shared = licence.works[work.source.through - 1] if work.source.through else work
        yield f"- {_name(work)}: {_percent(work.source.downstream)} of the part that is {_name(shared)}\n"
    yield _REVENUE


def _raising(licence: Licence, always: bool) -> Iterator[str]:
    """To which wider uses the order can be raised, and at which prices; these are explained where there are any, or
    `always`."""
    yield "6. A WIDER USE\n"
    wider = _wider(licence)
    if not wider:
        live = licence.use is Use.LIVE
        yield "An order for live use cannot be raised.\n" if live else "There is no wider use than this.\n"
        return
    yield _WIDENING
    for use in wider:
        yield from _raised_to(licence, use)
    if always or any(not _refusing(licence, use) for use in wider):
        yield _SHARED


def _raised_to(licence: Licence, use: Use) -> Iterator[str]:
    refusing = _refusing(licence, use)
    if refusing:
        yield f"- to {use.name.lower()} use: no; the terms of {', '.join(refusing)} do not permit it\n"
        return
    yield f"- to {use.name.lower()} use, at any time:\n"
    for work in licence.works:
        before, after = (_price(licence, work, which) for which in (licence.use, use))
        yield f"    {_name(work)}: {decimal(max(0, after - before), licence.decimals)}\n"


def _price(licence: Licence, work: LicensedWork, use: Use) -> int:
    """The price of a piece of this length made wholly of the work, in units of the token."""
    return work.terms.price(use, licence.quote.token) * units(licence.quote.duration)


def _wider(licence: Licence) -> Sequence[Use]:
    return [] if licence.use is Use.LIVE else [use for use in WIDER if use > licence.use]


def _refusing(licence: Licence, use: Use) -> list[str]:
    """The works whose pinned terms do not permit a use in the order's token; each once."""
    found = [_name(work) for work in licence.works if not _permits(work, use, licence.quote.token)]
    return list(dict.fromkeys(found))


def _permits(work: LicensedWork, use: Use, token: str) -> bool:
    try:
        work.terms.price(use, token)
    except NotPermitted:
        return False
    return use in work.terms.uses


def _check(licence: Licence) -> str:
    quote = licence.quote
    return _CHECK.format(
        chain=licence.domain.chain_id,
        contract=addresses.checksummed(licence.domain.contract),
        order=to_hex(licence.order_id),
        model=to_hex(quote.model_id),
        token="the chain's own coin" if quote.token == addresses.NATIVE else addresses.checksummed(quote.token),
        decimals=licence.decimals,
    )


def _name(work: LicensedWork) -> str:
    return _quoted(work.description.title)


def _quoted(words: str) -> str:
    """Words of a stranger on one line: no title can end its quotation, or begin a clause of its own."""
    plain = words.replace("“", '"').replace("”", '"')
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in plain)
    return f"“{clean[:_LONGEST]}”"


def _percent(ppm: int) -> str:
    return decimal(ppm, 4, least=0).rstrip(".") + " %"
