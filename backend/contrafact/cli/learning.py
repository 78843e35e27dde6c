"""Which models learnt from a work, and whether its terms bind them still, for `works show`."""

from __future__ import annotations

from contrafact.cli import options
from contrafact.consent import Learning, learnt_from
from contrafact.domain.digests import to_hex
from contrafact.domain.models import Model
from contrafact.wiring import Site


def models_of(site: Site, work_id: bytes) -> tuple[list[Learning], list[Model]]:
    """The models that learnt from a registered work, and those of which nobody can say, as their lists are not here."""
    models = list(site.reader.models())
    if not models:
        return [], []
    licences = site.licences()
    registrant, content = licences.contents()[work_id]
    return learnt_from(content, registrant, models, licences, site.store, site.connection.head())


def describe(one: Learning) -> dict[str, object]:
    """For machines. `sunset` is the second that the terms named, 0 for none; the tokens in which it was enforced."""
    return {
        "model": to_hex(one.model.model_id),
        "since_block": one.model.block,
        "terms_version": one.version,
        "still_consents": one.consents,
        "sunset": one.sunset,
        "sunset_enforced_in": sorted(one.model.sunsets),
    }


def in_words(found: list[Learning], unknown: list[Model]) -> list[tuple[str, str]]:
    """Rows of a table of details."""
    rows = [
        ("learnt by", f"{to_hex(one.model.model_id)} since block {one.model.block}; {_bound(one)}") for one in found
    ]
    rows += [("learnt by", f"{to_hex(model.model_id)}?  (its list is not in this content store)") for model in unknown]
    return rows or [("learnt by", "no model")]


def _bound(one: Learning) -> str:
    """What an opt-out does to it."""
    said = "it may" if one.consents else "opted out since: binds the next model"
    if not one.sunset:
        return said
    date = options.written_moment(one.sunset)
    if one.model.sunsets:
        return f"{said}; takes no new orders from {date} on"
    command = f"contrafact models sunset {to_hex(one.model.model_id)[:10]} WORK"
    return f"{said}; its terms end new orders from {date} on, once somebody sends: {command}"
