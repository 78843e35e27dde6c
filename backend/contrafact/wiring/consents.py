"""The tools about consents to training, put together from the settings."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.consent import Case, Cases, read_manifest
from contrafact.domain.consent_proofs import Candidates
from contrafact.domain.history import Committed, Funded
from contrafact.domain.inquiries import ConsentQuestioned, ConsentStatus
from contrafact.domain.models import Model
from contrafact.domain.terms import Use
from contrafact.errors import InvalidInput, NotFound
from contrafact.ledger.connection import Connection
from contrafact.ledger.consent_reader import ConsentReader
from contrafact.ledger.consent_writer import ConsentWriter
from contrafact.ledger.signer import Signer
from contrafact.wiring.site import Site


def consent_reader(site: Site) -> ConsentReader:
    """The site's chain, with the desk's inquiries about consents."""
    return ConsentReader(site.connection, site.deployment)


def consent_writer(site: Site, account: Signer) -> ConsentWriter:
    """What sends the account's transactions; see `Site.sending`."""
    return site.sending(ConsentWriter, account)


def cases(site: Site, model: Model) -> Cases:
    """What a model learnt from, before the contracts. Raises NotFound or StoreError without its published manifest."""
    manifest, candidates = read_manifest(model, site.store), Candidates(site.licences())
    return Cases(model, manifest, candidates, consent_reader(site), _Times(site.connection))


def committed_order(site: Site, case: Case, order_id: bytes) -> tuple[Funded, Committed, Use]:
    """A committed order of the model, and the use that it is paid for now. Raises NotFound and InvalidInput."""
    funded, committed = site.reader.funded(order_id), site.reader.committed(order_id)
    if not (funded and committed):
        raise NotFound("This order is not committed on this chain.", "Name one that was delivered, by its whole id.")
    if funded[0].quote.model_id != case.model.model_id:
        raise InvalidInput("This order is of another model.", "Name an order of the model.")
    raised = site.reader.raised(order_id)
    return funded[0], committed[0], raised[-1].use if raised else funded[0].quote.use


def open_questions(site: Site, operator: str) -> Sequence[ConsentQuestioned]:
    """The questions about models that the operator registered, which nobody has answered or ended."""
    reader = consent_reader(site)
    theirs = {model.model_id for model in reader.models() if model.registrant.lower() == operator.lower()}
    asked = [question for question in reader.questions() if question.model_id in theirs]
    return [one for one in asked if reader.consent_of(one.consent_id).status is ConsentStatus.QUESTIONED]


class _Times(dict[int, int]):
    """Blocks' seconds since the epoch, each asked for once."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def __missing__(self, block: int) -> int:
        self[block] = self._connection.timestamp(block)
        return self[block]
