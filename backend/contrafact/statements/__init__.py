"""A month's statements, for a rights holder, an operator and everybody: what came in, for what, and where it went.

They are read through a port and written as CSV, PDF, JSON and, for holders, a flat file after DDEX DSR.
"""

from contrafact.statements.described import Described as Described
from contrafact.statements.figures import Figures as Figures
from contrafact.statements.forms import MEDIA_TYPES as MEDIA_TYPES
from contrafact.statements.forms import AnyStatement as AnyStatement
from contrafact.statements.forms import File as File
from contrafact.statements.forms import forms_of as forms_of
from contrafact.statements.forms import write as write
from contrafact.statements.frame import Chain as Chain
from contrafact.statements.frame import Frame as Frame
from contrafact.statements.month import Month as Month
from contrafact.statements.operator import OperatorStatement as OperatorStatement
from contrafact.statements.public import PublicStatement as PublicStatement
from contrafact.statements.reading import frame_of as frame_of
from contrafact.statements.reading import holder as holder_statement
from contrafact.statements.reading import of_operator as operator_statement
from contrafact.statements.reading import of_public as public_statement
from contrafact.statements.statement import Statement as Statement
from contrafact.statements.statement import statement_of as statement_of

__all__ = [
    "MEDIA_TYPES",
    "AnyStatement",
    "Chain",
    "Described",
    "Figures",
    "File",
    "Frame",
    "Month",
    "OperatorStatement",
    "PublicStatement",
    "Statement",
    "forms_of",
    "frame_of",
    "holder_statement",
    "operator_statement",
    "public_statement",
    "statement_of",
    "write",
]
