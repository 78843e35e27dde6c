"""The forms that a statement is handed out in: which there are, their names, media types and bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from contrafact.domain.digests import sha256
from contrafact.errors import InvalidInput
from contrafact.statements import dsr
from contrafact.statements.books_sheet import operator_sheet, public_sheet
from contrafact.statements.books_table import operator_csv, public_csv
from contrafact.statements.documents import holder_json, operator_json, public_json
from contrafact.statements.dsr import holder_dsr
from contrafact.statements.holder_sheet import holder_sheet
from contrafact.statements.operator import OperatorStatement
from contrafact.statements.pdf import to_pdf
from contrafact.statements.public import PublicStatement
from contrafact.statements.rows import Currencies
from contrafact.statements.statement import Statement
from contrafact.statements.table import holder_csv

MEDIA_TYPES = {
    "csv": "text/csv",
    "pdf": "application/pdf",
    "dsr": "text/tab-separated-values",
    "json": "application/json",
}
AnyStatement = Statement | OperatorStatement | PublicStatement
_Maker = Callable[[Currencies], bytes]


@dataclass(frozen=True, slots=True)
class File:
    """A statement in one form. The same chain gives the same bytes, so that `digest` (SHA-256) can be compared."""

    name: str
    media_type: str
    data: bytes

    @property
    def digest(self) -> bytes:
        return sha256(self.data)


def forms_of(statement: AnyStatement) -> tuple[str, ...]:
    """Which there are of it."""
    return tuple(_makers(statement))


def write(statement: AnyStatement, form: str, currency: Currencies) -> File:
    """The statement in a form. Raises InvalidInput for one that there is not."""
    makers = _makers(statement)
    if form not in makers:
        raise InvalidInput(f"This statement has no form {form!r}.", f"There are: {', '.join(makers)}.")
    data = makers[form](lru_cache(maxsize=None)(currency))
    return File(_name(statement, form), MEDIA_TYPES[form], data)


def _makers(statement: AnyStatement) -> dict[str, _Maker]:
    if isinstance(statement, Statement):
        return {
            "csv": lambda c: holder_csv(statement, c),
            "pdf": lambda c: to_pdf(holder_sheet(statement, c)),
            "dsr": lambda c: holder_dsr(statement, c),
            "json": lambda c: holder_json(statement, c),
        }
    if isinstance(statement, OperatorStatement):
        return {
            "csv": lambda c: operator_csv(statement, c),
            "pdf": lambda c: to_pdf(operator_sheet(statement, c)),
            "json": lambda c: operator_json(statement, c),
        }
    return {
        "csv": lambda c: public_csv(statement, c),
        "pdf": lambda c: to_pdf(public_sheet(statement, c)),
        "json": lambda c: public_json(statement, c),
    }


def _name(statement: AnyStatement, form: str) -> str:
    if form == "dsr" and isinstance(statement, Statement):
        return dsr.file_name(statement)
    who = "public"
    if isinstance(statement, Statement):
        who = f"holder-{statement.holder}"
    elif isinstance(statement, OperatorStatement):
        who = f"operator-{statement.operator}"
    return f"statement-{statement.frame.month}-{who}.{form}"
