"""Live orders as their makers see them, from what was played and what the order allows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contrafact.domain.digests import to_hex
from contrafact.domain.generation import TICKS_PER_QUARTER, MusicRequest
from contrafact.domain.orders import Quote
from contrafact.domain.settlement import SECONDS_PER_UNIT
from contrafact.domain.steering import ranges
from contrafact.domain.terms import Use
from contrafact.errors import InvalidOrder, NotFound, NotPermitted, OrderClosed, Payment
from contrafact.order.live.book import Ended, PlayedBar
from contrafact.order.live.session import LiveSession
from contrafact.order.live.stage import LiveStage
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderRow
from contrafact.web.auth.sessions import Caller
from contrafact.web.errors import Conflict
from contrafact.web.money import Purse
from contrafact.web.orders import order_row
from contrafact.web.schemas.fields import Money
from contrafact.web.schemas.live import LiveBar, LiveEnd, LiveNote, LiveSource, LiveState, LiveView
from contrafact.web.services import Services
from contrafact.web.works import row_of


@dataclass(frozen=True)
class Performed:
    """A live order of the caller's, on the stage that plays it."""

    services: Services
    stage: LiveStage
    row: OrderRow

    @property
    def quote(self) -> Quote:
        return self.row.quote

    @cached_property
    def music(self) -> MusicRequest:
        return self.stage.book(self.row.order_id).signed.music

    @property
    def session(self) -> LiveSession | None:
        return self.stage.find(self.row.order_id)

    def require_playable(self) -> None:
        """Raises Payment or OrderClosed where there is nothing to be played yet, or any more."""
        if self.row.status is OrderStatus.NONE:
            raise Payment("The order is not paid yet.", "Pay it in; then the piece can begin.")
        if self.row.status is not OrderStatus.FUNDED:
            raise OrderClosed("The order is settled already.", "Look at the order: it says what was played and paid.")
        if not self.row.confirmed:
            raise Conflict("The payment is not confirmed yet.", "Wait for its block to be confirmed, and begin then.")

    def played(self) -> tuple[PlayedBar, ...]:
        """All bars that were given out."""
        session = self.session
        if session is not None and session.state != "opening":
            return tuple(session.bars)
        return tuple(self.stage.book(self.row.order_id).played())

    def ended(self) -> Ended | None:
        return self.stage.book(self.row.order_id).ended

    def view(self) -> LiveView:
        played, ended, music = self.played(), self.ended(), self.music
        last = played[-1] if played else None
        return LiveView(
            order=to_hex(self.row.order_id),
            state=self._state(played, ended),
            seconds=music.seconds,
            bars=music.bars,
            bar_seconds=_seconds(music.bar_ticks, music),
            lead_seconds=round(self.session.lead if self.session else self.stage.pace.lead, 3),
            given=len(played),
            played_seconds=music.started_seconds(len(played)),
            sources=self._sources(last),
            base_share=last.base_share if last else 0,
            shares=list(last.shares) if last else [0] * len(self.quote.inference_set),
            cost=self.cost(last),
            **self._further(last),
            highest_cost=self._money(self.quote.escrow),
            why=ended.why if ended else None,
        )

    def bar(self, played: PlayedBar) -> LiveBar:
        music, begins = self.music, played.bar * self.music.bar_ticks
        notes = [
            LiveNote(
                part=note.part,
                onset=_seconds(note.onset - begins, music),
                duration=_seconds(note.duration, music),
                pitch=note.pitch,
                velocity=note.velocity,
                responsibilities=list(note.responsibilities),
            )
            for note in played.notes
        ]
        return LiveBar(
            bar=played.bar,
            begins=_seconds(begins, music),
            seconds=_seconds(music.bar_ticks, music),
            notes=notes,
            weights=list(played.weights),
            base_share=played.base_share,
            shares=list(played.shares),
            cost=self.cost(played),
            **self._further(played),
        )

    def end(self, ended: Ended) -> LiveEnd:
        played = self.played()
        return LiveEnd(bars=ended.bars, why=ended.why, cost=self.cost(played[-1] if played else None))

    def cost(self, last: PlayedBar | None) -> Money:
        """What is kept of the escrow if the piece ends with this bar; nothing before the first."""
        if last is None:
            return self._money(0)
        return self._cost_of(last, self.music.started_seconds(last.bar + 1))

    def _further(self, last: PlayedBar | None) -> dict[str, Any]:
        """Up to what second about the same is paid, and what it costs with one unit more, if there is one."""
        seconds = self.music.started_seconds(last.bar + 1) if last else 0
        covered = -(-seconds // SECONDS_PER_UNIT) * SECONDS_PER_UNIT
        if last is None or covered >= self.music.seconds:
            return {"covered_seconds": min(covered, self.music.seconds), "next_cost": None}
        return {"covered_seconds": covered, "next_cost": self._cost_of(last, covered + 1)}

    def _cost_of(self, last: PlayedBar, seconds: int) -> Money:
        due = self.quote.settle(last.base_share, last.shares, seconds)
        return self._money(self.quote.escrow - due.refunded)

    def _money(self, units: int) -> Money:
        return Purse(self.quote.token, self.services.currency)(units)

    def _sources(self, last: PlayedBar | None) -> list[LiveSource]:
        chosen, bounds = self.quote.inference_set, ranges(self.quote)
        works = [row_of(self.services, source.work_id) for source in chosen]
        weights = self._weights(last)
        return [
            LiveSource(
                work=to_hex(source.work_id),
                title=work.title if work else None,
                ordered=source.weight,
                lowest=low,
                highest=high,
                weight=weights[i],
            )
            for i, (source, work, (low, high)) in enumerate(zip(chosen, works, bounds, strict=True))
        ]

    def _weights(self, last: PlayedBar | None) -> tuple[int, ...]:
        session = self.session
        if session is not None and session.weights:
            return session.weights
        return last.weights if last else tuple(source.weight for source in self.quote.inference_set)

    def _state(self, played: tuple[PlayedBar, ...], ended: Ended | None) -> LiveState:
        if self.row.status is OrderStatus.NONE:
            return "unpaid"
        if self.row.status is not OrderStatus.FUNDED:
            return "closed"
        if ended is not None:
            return "ended"
        if self.session is not None and self.session.is_open:
            return "playing"
        if played:
            return "paused"
        return "ready" if self.row.confirmed else "unconfirmed"


def performed(services: Services, order_id: bytes, caller: Caller) -> Performed:
    """The live order, if it is the caller's.

    Raises NotFound for an order that is not known here or where nothing is played live, InvalidOrder for one that is
    not live, NotPermitted for another wallet.
    """
    row = order_row(services, order_id)
    if row.quote.use is not Use.LIVE:
        raise InvalidOrder("The order is not a live one.", "Its piece is made by itself; follow its progress.")
    if row.quote.maker.lower() != caller.wallet.lower():
        raise NotPermitted("A live piece is its maker's to hear and to steer.", "Sign in with the maker's wallet.")
    stage = services.live
    if stage is None:
        raise NotFound("Nothing is played live here.", "Ask the operator who made the offer.")
    if not stage.book(order_id).folder.is_quoted:
        raise NotFound("The order was not offered here.", "Ask the operator who made the offer.")
    return Performed(services, stage, row)


def _seconds(ticks: int, music: MusicRequest) -> float:
    return round(ticks * 60 / (music.tempo * TICKS_PER_QUARTER), 6)
