"""Licence terms from what people send."""

from __future__ import annotations

from contrafact.domain.allow_list import AllowList
from contrafact.domain.digests import from_hex
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.web.schemas.transactions import PriceRow, TermsForm


def terms_of(form: TermsForm) -> Terms:
    """Raises InvalidInput for what no contract can hold."""
    terms = Terms(
        training=form.training,
        inference=form.inference,
        uses=frozenset(Use.parse(name) for name in form.uses),
        combinable=form.combinable,
        max_weight=form.max_weight,
        valid_from=form.valid_from,
        valid_until=form.valid_until,
        training_price=int(form.training_price),
        prices=tuple(map(_price, form.prices)),
        approval=form.approval,
        downstream=form.downstream,
        sunset=form.sunset,
        allow=AllowList.of(form.operators, [from_hex(model) for model in form.models])
        if form.operators or form.models
        else AllowList(),
    )
    terms.to_words()
    return terms


def _price(row: PriceRow) -> TokenPrice:
    return TokenPrice(row.token, (int(row.private), int(row.commercial), int(row.broadcast), int(row.live)))
