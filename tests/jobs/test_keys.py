"""A runner whose key is in a keystore, with orders that fail and orders that do not: the key shows nowhere."""

from __future__ import annotations

import io
import json
from pathlib import Path

from eth_account import Account
from pydantic import SecretStr

from contrafact.domain.job_state import JobStatus
from contrafact.errors import ChainError, ContentMismatch
from contrafact.jobs.events import Happened
from contrafact.store.jobs import Jobs
from contrafact.wiring.access import signer
from tests.ledger.key_files import PASSPHRASE, private
from tests.ledger.sent import wait_for

from .studio import OPERATOR, Studio, shift


def test_the_key_is_in_no_log_no_error_and_not_in_the_database(
    studio: Studio, jobs: Jobs, tmp_path: Path, log: io.StringIO
) -> None:
    keystore = json.dumps(Account.encrypt(OPERATOR.key, PASSPHRASE, kdf="scrypt", iterations=2**12))
    path = private(tmp_path / "keystore.json", keystore)
    site = studio.site(operator_key_file=path)
    key = signer(
        site.settings.model_copy(update={"operator_key_passphrase": SecretStr(PASSPHRASE)}), "operator_key_file"
    )
    studio.fund(site, 2)
    troubles: list[Exception] = [
        ChainError("Away.", "Wait."),
        ContentMismatch("Other.", "Choose another."),
        KeyError(1),
    ]
    derive = site.derive

    def ailing(data: bytes, media_type: str) -> bytes:
        if troubles:
            raise troubles.pop(0)
        return derive(data, media_type)

    site.derive = ailing  # type: ignore[method-assign]
    with shift(site, jobs, key) as work:
        wait_for(lambda: jobs.listed(JobStatus.FINISHED) and jobs.listed(JobStatus.STOPPED))
    told = [repr(event) + str(event.error) + repr(event.error and event.error.__dict__) for event in work.events]
    kept = [path.read_bytes().decode(errors="replace") for path in tmp_path.glob("service.db*")]
    everything = "\n".join([log.getvalue(), *told, *kept, repr(site.settings), repr(vars(work.runner))])
    assert "eth_sendRawTransaction" in log.getvalue()
    assert work.told(Happened.RETRIED)
    for secret in (PASSPHRASE, bytes(OPERATOR.key).hex(), repr(bytes(OPERATOR.key))[2:-1]):
        assert secret not in everything
