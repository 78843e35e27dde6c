"""A month's statement for a rights holder: what came in for what, what was paid, and what is left. No I/O."""

from contrafact.statements.month import Month as Month
from contrafact.statements.statement import Statement as Statement
from contrafact.statements.statement import statement_of as statement_of
from contrafact.statements.table import Described as Described
from contrafact.statements.table import to_csv as to_csv
