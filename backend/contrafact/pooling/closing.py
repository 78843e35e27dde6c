"""Closing an epoch: collect, compute, publish, close. Resumes wherever it was interrupted, and closes nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from contrafact.domain.digests import to_hex
from contrafact.domain.epochs import EpochKey, EpochRecord
from contrafact.domain.models import Model
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.pot import taken
from contrafact.errors import InvalidInput, NotPermitted, Payment
from contrafact.pooling.folder import PotFolder
from contrafact.pooling.ports import ConfirmedPoolLedger, PoolWriter
from contrafact.pooling.sharing import Sharing
from contrafact.ports import ContentStore

OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Closed:
    """An epoch that is closed now. `transaction` is None where an earlier run had closed it."""

    record: EpochRecord
    transaction: str | None
    reason: str = ""


@dataclass(frozen=True)
class EpochCloser:
    """Closes epochs for the account of `writer`.

    The record is kept in `home` and published before the transaction is sent, and is never made anew once it is kept:
    whoever gives the command again after an interruption closes that same epoch, or learns that it is closed.
    """

    ledger: ConfirmedPoolLedger
    writer: PoolWriter
    store: ContentStore
    sharing: Sharing
    home: Path
    on_step: OnStep = field(default=lambda step: None)

    def close(self, model: Model, token: str) -> Closed:
        """Makes all that the model has earned in `token` its pool's next epoch.

        Raises NotPermitted where the account did not register the model, or its pool is no epochs' pool; Payment where
        there is nothing to share; NotFound, StoreError or InvalidInput where what it follows from is not published.
        """
        self._require_registrant(model)
        folder = PotFolder(self.home, self._key(model, token, 0))
        with folder.alone():
            record, reason = self._begun(folder, model, token), ""
            if record is None:
                record, reason = self._made(folder, model, token)
            return Closed(record, self._send(folder, record), reason)

    def _require_registrant(self, model: Model) -> None:
        if model.pool_split_root != self.ledger.pool_root:
            text = f"The pool of model {to_hex(model.model_id)} is a fixed split: it has no epochs."
            raise NotPermitted(text, "Its holders claim what it earned: contrafact claim")
        if model.registrant.lower() != self.writer.address.lower():
            text = f"Model {to_hex(model.model_id)} was registered by {model.registrant}, not by {self.writer.address}."
            raise NotPermitted(text, "Only its registrant closes epochs: sign with that key.")

    def _key(self, model: Model, token: str, number: int) -> EpochKey:
        return EpochKey(self.ledger.domain.chain_id, self.ledger.pool_address, model.model_id, token, number)

    def _begun(self, folder: PotFolder, model: Model, token: str) -> EpochRecord | None:
        """The record of an earlier run that was not seen to its end, if the chain is still what it was made from."""
        data = folder.unfinished()
        if data is None:
            return None
        record = EpochRecord.from_bytes(data)
        if self._is_closed(record) or self._fits(record, model, token):
            return record
        folder.set_aside(record.key.number)
        return None

    def _is_closed(self, record: EpochRecord) -> bool:
        """Whether the chain has this epoch, with this record."""
        key = record.key
        pot = (key.model_id, key.token)
        return any(
            (one.number, one.root, one.evidence) == (key.number, record.tree.root, record.digest)
            for one in self.ledger.pool_history().epochs(pot)
        )

    def _fits(self, record: EpochRecord, model: Model, token: str) -> bool:
        """Whether the record is of the pot's next epoch, and consists of what that would take."""
        pot, history = (model.model_id, token), self.ledger.pool_history()
        if record.key != self._key(model, token, len(history.epochs(pot)) + 1):
            return False
        try:
            return record.credits == taken(history.queue(pot), history.taken(pot), record.total)
        except InvalidInput:
            return False

    def _made(self, folder: PotFolder, model: Model, token: str) -> tuple[EpochRecord, str]:
        """Collects, computes, publishes and keeps the record of the next epoch."""
        pot = (model.model_id, token)
        if self.ledger.collectable(*pot):
            self.on_step("collect")
            self.writer.collect(pot)
        self.on_step("share")
        history = self.ledger.as_confirmed().pool_history()
        credits = history.in_pot(pot)
        if not credits:
            text = f"There is nothing to share in the pot of model {to_hex(model.model_id)} in the token {token}."
            raise Payment(text, "Close an epoch once an order in this token has been committed.")
        number, rule = len(history.epochs(pot)) + 1, self.ledger.pool_rules().get(model.model_id, PoolRule())
        shared = self.sharing.share(self._key(model, token, number), model, rule, credits)
        self.on_step("publish")
        if shared.scores:
            self.store.put(shared.scores.to_bytes())
        self.store.put(shared.record.to_bytes())
        folder.keep(number, shared.record.to_bytes())
        return shared.record, shared.reason

    def _send(self, folder: PotFolder, record: EpochRecord) -> str | None:
        """Closes the epoch, unless the chain has it: then an earlier run did, and was not told."""
        if self._is_closed(record):
            folder.finish(record.key.number, "closed by an earlier run")
            return None
        self.on_step("close")
        self.store.put(record.to_bytes())  # harmless where it is there; an earlier run may have stopped before
        key, pot = record.key, (record.key.model_id, record.key.token)
        if self.ledger.pot(*pot)[1] != key.number - 1:
            text = f"Epoch {key.number} of this pot was closed meanwhile, by another record."
            raise NotPermitted(text, "Look at it: contrafact pool show. Then close the next one.")
        transaction = self.writer.close_epoch(pot, record.tree.root, record.total, record.digest)
        folder.finish(key.number, transaction)
        return transaction
