"""Transactions and messages prepared for somebody else's wallet: unsigned, in plain words, and tried out."""

from contrafact.ledger.prepared.form import Prepared as Prepared
from contrafact.ledger.prepared.form import Simulation as Simulation
from contrafact.ledger.prepared.form import Steps as Steps
from contrafact.ledger.prepared.form import ToSign as ToSign
from contrafact.ledger.prepared.preparer import Preparer as Preparer
