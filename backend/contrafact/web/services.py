"""What the API is given: ports, its settings and a clock. `wiring.service` puts them together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Depends, Request

from contrafact.domain.job_state import JobState
from contrafact.domain.money import Currency
from contrafact.domain.orders import Quote
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.selection import Selection
from contrafact.errors import NotFound
from contrafact.explorer_reads import ExplorerReads
from contrafact.ledger.calls import Call
from contrafact.ledger.pool_reader import PoolReader
from contrafact.ledger.prepared import Preparer
from contrafact.order.live.stage import LiveStage
from contrafact.order.quoting import OfferPolicy, OrderRequest
from contrafact.ports import ContentStore, Identification, LedgerReader
from contrafact.store.database import Database
from contrafact.verifying import Report
from contrafact.web.audits import Audits
from contrafact.web.configuration import WebSettings
from contrafact.web.figures import KeptFigures
from contrafact.web.gate import Gate
from contrafact.web.streams import Streams


class ServiceLedger(LedgerReader, Protocol):
    """The chain as the API asks it, beside its read model. Raises ChainError when it cannot be reached."""

    def accepts(self, wallet: str, digest: bytes, signature: bytes) -> bool:
        """Whether `wallet` is a contract that says yes to a signature (ERC-1271)."""

    def signer_of(self, operator: str) -> str | None:
        """The key that an operator has named to sign for it, beside its own."""

    def work_id_of(self, registrant: str, content: bytes) -> bytes:
        """The id that a work has, or will have."""


class Desk(Protocol):
    """The operator's desk for offers; see `order.quoting.Quoting`, which raises what is said there."""

    @property
    def operator(self) -> str: ...

    @property
    def model_digest(self) -> bytes: ...

    @property
    def policy(self) -> OfferPolicy: ...

    @property
    def encrypts(self) -> bool: ...

    def readers(self, order_id: bytes) -> tuple[str, ...]: ...

    def preview(self, request: OrderRequest) -> tuple[Quote, Selection]:
        """What would be offered, unsigned; nothing is kept."""

    def offer(self, request: OrderRequest) -> SignedQuote:
        """A signed offer, kept so that its order can be run."""

    def quoted(self, order_id: bytes) -> SignedQuote:
        """An offer that was made here. Raises NotFound."""


class Jobs(Protocol):
    """Where the operator's work on its orders stands."""

    def get(self, order_id: bytes) -> JobState | None:
        """None for an order that no job was made of (yet)."""


class Relay(Protocol):
    """The operator's account, which sends orders that makers have signed; see `ledger.relaying.Relayer`."""

    operator: str

    def send(self, call: Call) -> str:
        """Sends the call, and returns the transaction's hash."""


class Songs(Protocol):
    """How songs sound: MP3 files of source forms; see `wiring.songs`. `tonic` is a pitch class, 0 = C."""

    def kept(self, form: bytes, tonic: int) -> bytes | None:
        """The file, where it was made before."""

    def make(self, form: bytes, tonic: int) -> bytes:
        """Makes the file, which takes seconds, and keeps it. Raises InvalidScore."""

    def once(self, data: bytes, media_type: str) -> bytes:
        """The same of a score, in its own key; nothing is kept. Raises InvalidScore."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that the API works with. `desk`, `identification`, `relay`, `songs`, `verify` and `audits` are None
    where there is none.

    `store` is the content store as the operator sees it, with what only it can open; `published` as anybody sees it,
    of which the app reads what lies there already.
    `currency` says how amounts of a token are written, `token` is what orders are paid in where nothing else is said,
    `derive` gives the source form of a file and its media type,
    `clock` the seconds since the epoch; files that are looked at go through the `gate`, quotes through `quoting`,
    statements through `reporting`, songs that are made to sound through `playing`, and `streams` are the event streams
    that are open. `figures` are the sums of all money, `audits` the reports of the service's own audit. `delivered`
    gives the piece of an order with its certificate as `flac`, `wav` or `mp3`, and raises NotFound before it is handed
    over. Live orders are played on the stage `live`, where there is one.
    """

    read_model: ExplorerReads
    ledger: ServiceLedger
    store: ContentStore
    published: ContentStore
    database: Database
    jobs: Jobs
    settings: WebSettings
    preparer: Preparer
    currency: Callable[[str], Currency]
    token: str
    derive: Callable[[bytes, str], bytes]
    clock: Callable[[], float]
    desk: Desk | None = None
    identification: Identification | None = None
    relay: Relay | None = None
    delivered: Callable[[bytes, str], bytes] | None = None
    verify: Callable[[bytes], Report] | None = None
    songs: Songs | None = None
    audits: Audits | None = None
    gate: Gate = field(default_factory=Gate)
    quoting: Gate = field(default_factory=lambda: Gate(most=4, seconds=10.0, waiting=16))
    reporting: Gate = field(default_factory=Gate)
    playing: Gate = field(default_factory=lambda: Gate(most=1, waiting=6))
    streams: Streams = field(default_factory=Streams)
    figures: KeptFigures = field(default_factory=KeptFigures)
    live: LiveStage | None = None

    @property
    def pools(self) -> PoolReader:
        """The chain itself, with its training pools."""
        return PoolReader(self.preparer.connection, self.preparer.deployment)


def services_of(request: Request) -> Services:
    """The services of the request's app."""
    found: Services = request.app.state.services
    return found


def desk_of(services: Services) -> Desk:
    """The operator's desk. Raises NotFound where this installation makes no offers."""
    if services.desk is None:
        raise NotFound("This service makes no offers.", "Ask one that is run by an operator.")
    return services.desk


Given = Annotated[Services, Depends(services_of)]
"""How an operation asks for the services."""
