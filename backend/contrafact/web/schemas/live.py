"""Documents of live orders while they play."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contrafact.web.schemas.fields import Digest, Money, Ppm, Schema

LiveState = Literal["unpaid", "unconfirmed", "ready", "playing", "paused", "ended", "closed"]


class LiveSource(Schema):
    """A source: its weight as ordered, the bounds within which it may be moved, and its weight from the next bar on."""

    work: Digest
    title: str | None = Field(examples=["The Rakes of Mallow"])
    ordered: Ppm
    lowest: Ppm
    highest: Ppm
    weight: Ppm


class LiveView(Schema):
    """A live order. `state`: to be begun once it is `ready`; `playing` where it is open here, `paused` where it can be
    gone on with; `ended` is played and to be settled, `closed` is settled or refunded.

    Bars are counted from 0; `given` of `bars` were given out, which last `played_seconds` as they are paid for.
    `cost` is what it costs if it ends now; about the same as for any end up to `covered_seconds`. `next_cost` is what
    it costs with the next half minute begun, at the same shares; null in the last one and before the first.
    `highest_cost` is the most it can cost. `lead_seconds` before it sounds a bar is made. `why` it ended: `whole`,
    `stopped`, `left` (nobody listened any more), `late` (its deadline was near) or `unplayed`.
    """

    order: Digest
    state: LiveState
    seconds: int = Field(examples=[120])
    bars: int = Field(examples=[60])
    bar_seconds: float = Field(examples=[2.0])
    lead_seconds: float = Field(examples=[2.0])
    given: int = Field(examples=[12])
    played_seconds: int = Field(examples=[24])
    sources: list[LiveSource]
    base_share: Ppm
    shares: list[Ppm]
    cost: Money
    covered_seconds: int = Field(examples=[30])
    next_cost: Money | None
    highest_cost: Money
    why: str | None = Field(examples=[None])


class LiveNote(Schema):
    """A note: `onset` and `duration` in seconds, from the bar's beginning; parts (ppm) of base and each source."""

    part: str = Field(examples=["melody"])
    onset: float = Field(examples=[0.5])
    duration: float = Field(examples=[0.25])
    pitch: int = Field(examples=[67])
    velocity: int = Field(examples=[90])
    responsibilities: list[Ppm]


class LiveBar(Schema):
    """A bar that was given out: its notes, the weights it was made with, and the shares and the cost so far.

    `covered_seconds` and `next_cost` as in the view.
    """

    bar: int = Field(examples=[7])
    begins: float = Field(examples=[14.0])
    seconds: float = Field(examples=[2.0])
    notes: list[LiveNote]
    weights: list[Ppm]
    base_share: Ppm
    shares: list[Ppm]
    cost: Money
    covered_seconds: int = Field(examples=[30])
    next_cost: Money | None


class LiveEnd(Schema):
    """The piece is over after so many bars."""

    bars: int = Field(examples=[12])
    why: str = Field(examples=["stopped"])
    cost: Money


class LiveWeights(Schema):
    """New weights, one for each source of the piece in its order; they sum to 1,000,000."""

    weights: list[Ppm] = Field(min_length=1, max_length=8, examples=[[600_000, 400_000]])


class LiveSteered(Schema):
    """From which bar on the weights hold."""

    bar: int = Field(examples=[13])
    weights: list[Ppm]
