"""Who visits the service: nonces to sign in with, sessions, and answers kept for requests that come twice."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, LargeBinary, String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from contrafact.errors import DatabaseError
from contrafact.store.database import Base, Database

ABANDONED_SECONDS = 120
"""After so long, a request that has no answer yet counts as one whose process died."""

MOST_KEPT = 1000
"""Answers kept of one caller; its oldest ones go first, as keys cost nothing."""


class NonceTable(Base):
    __tablename__ = "web_nonces"
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)


class SessionTable(Base):
    __tablename__ = "web_sessions"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    wallet: Mapped[str] = mapped_column(String(42), index=True)
    created: Mapped[int] = mapped_column(BigInteger)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)


class AnswerTable(Base):
    __tablename__ = "web_answers"
    caller: Mapped[str] = mapped_column(String(64), primary_key=True)
    operation: Mapped[str] = mapped_column(String(128), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    begun: Mapped[int] = mapped_column(BigInteger, index=True)
    status: Mapped[int | None]
    media_type: Mapped[str] = mapped_column(String(128), default="")
    location: Mapped[str] = mapped_column(String(256), default="")
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session of a wallet, from its token's SHA-256; times in seconds since the epoch."""

    token_hash: bytes
    wallet: str
    created: int
    expires: int


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request as its key names it: whose, of which operation; `fingerprint` is the SHA-256 of what it sent."""

    caller: str
    operation: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered, where `location` is the header; `status` is None while the first request is under way."""

    fingerprint: bytes
    status: int | None = None
    media_type: str = ""
    body: bytes = b""
    location: str = ""


class Visitors:
    """All of it in one database. Raises DatabaseError. `now` in seconds since the epoch."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_nonce(self, nonce: str, expires: int, now: int) -> None:
        with self._database.writing() as db:
            db.execute(delete(NonceTable).where(NonceTable.expires <= now))
            db.add(NonceTable(nonce=nonce, expires=expires))

    def take_nonce(self, nonce: str, now: int) -> bool:
        """Whether the nonce was given out and is still good; it never is again."""
        with self._database.writing() as db:
            taken = db.execute(delete(NonceTable).where(NonceTable.nonce == nonce, NonceTable.expires > now))
            return bool(taken.rowcount)  # type: ignore[attr-defined]

    def add_session(self, row: SessionRow, most: int) -> None:
        """Adds a session; the oldest of the same wallet beyond `most`, and all that have ended, are forgotten."""
        with self._database.writing() as db:
            db.execute(delete(SessionTable).where(SessionTable.expires <= row.created))
            theirs = db.scalars(
                select(SessionTable.token_hash)
                .where(SessionTable.wallet == row.wallet)
                .order_by(SessionTable.created.desc(), SessionTable.token_hash)
            ).all()
            db.execute(delete(SessionTable).where(SessionTable.token_hash.in_(theirs[most - 1 :])))
            db.add(SessionTable(token_hash=row.token_hash, wallet=row.wallet, created=row.created, expires=row.expires))

    def session(self, token_hash: bytes, now: int) -> SessionRow | None:
        with self._database.reading() as db:
            row = db.get(SessionTable, token_hash)
            if row is None or row.expires <= now:
                return None
            return SessionRow(row.token_hash, row.wallet, row.created, row.expires)

    def end_session(self, token_hash: bytes) -> None:
        with self._database.writing() as db:
            db.execute(delete(SessionTable).where(SessionTable.token_hash == token_hash))

    def begin(self, request: KeptRequest, now: int, kept_seconds: int) -> KeptAnswer | None:
        """None where the request is now the first of its key, and to be answered; else what there is of its answer."""
        try:
            with self._database.writing() as db:
                _forget(db, now, kept_seconds)
                if row := db.get(AnswerTable, (request.caller, request.operation, request.key)):
                    return KeptAnswer(row.fingerprint, row.status, row.media_type, row.body, row.location)
                _make_room(db, request.caller)
                fields = {name: getattr(request, name) for name in ("caller", "operation", "key", "fingerprint")}
                db.add(AnswerTable(**fields, begun=now, media_type="", body=b"", location=""))
                db.flush()
        except DatabaseError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
            return KeptAnswer(request.fingerprint)  # another process was faster, after our look
        return None

    def finish(self, request: KeptRequest, answer: KeptAnswer) -> None:
        """Keeps the answer for the next request with the key."""
        with self._database.writing() as db:
            if row := db.get(AnswerTable, (request.caller, request.operation, request.key)):
                row.status, row.media_type = answer.status, answer.media_type
                row.body, row.location = answer.body, answer.location

    def abandon(self, request: KeptRequest) -> None:
        """Forgets a request that came to nothing, so that it may be tried again."""
        with self._database.writing() as db:
            db.execute(
                delete(AnswerTable).where(
                    AnswerTable.caller == request.caller,
                    AnswerTable.operation == request.operation,
                    AnswerTable.key == request.key,
                )
            )


def _forget(db: Session, now: int, kept_seconds: int) -> None:
    db.execute(delete(AnswerTable).where(AnswerTable.begun <= now - kept_seconds))
    died = AnswerTable.status.is_(None) & (AnswerTable.begun <= now - ABANDONED_SECONDS)
    db.execute(delete(AnswerTable).where(died))


def _make_room(db: Session, caller: str) -> None:
    """Forgets the oldest answers of a caller that has as many as it may; what is under way stays."""
    theirs = (AnswerTable.caller == caller) & AnswerTable.status.is_not(None)
    newest = select(AnswerTable.begun).where(theirs).order_by(AnswerTable.begun.desc())
    oldest = db.scalar(newest.offset(MOST_KEPT - 1).limit(1))
    if oldest is not None:
        db.execute(delete(AnswerTable).where(theirs & (AnswerTable.begun <= oldest)))
