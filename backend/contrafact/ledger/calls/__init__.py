"""What can be sent to the contracts, as calls: the one place where arguments are put into their form."""

from __future__ import annotations

from functools import cached_property

from contrafact.ledger.calls.bonds import BondCalls
from contrafact.ledger.calls.call import Call as Call
from contrafact.ledger.calls.consents import ConsentCalls
from contrafact.ledger.calls.disputes import DisputeCalls
from contrafact.ledger.calls.models import ModelCalls
from contrafact.ledger.calls.orders import OrderCalls
from contrafact.ledger.calls.pool import PoolCalls
from contrafact.ledger.calls.royalties import RoyaltyCalls
from contrafact.ledger.calls.tokens import TokenCalls
from contrafact.ledger.calls.works import WorkCalls
from contrafact.ledger.contracts import Contracts


class Calls:
    """The calls of one deployment, whoever signs and sends them: an account here, or a wallet elsewhere."""

    def __init__(self, contracts: Contracts) -> None:
        self.contracts = contracts

    @cached_property
    def works(self) -> WorkCalls:
        return WorkCalls(self.contracts.catalogue)

    @cached_property
    def models(self) -> ModelCalls:
        return ModelCalls(self.contracts)

    @cached_property
    def orders(self) -> OrderCalls:
        return OrderCalls(self.contracts.escrow)

    @cached_property
    def bonds(self) -> BondCalls:
        return BondCalls(self.contracts.escrow)

    @cached_property
    def royalties(self) -> RoyaltyCalls:
        return RoyaltyCalls(self.contracts.escrow)

    @cached_property
    def disputes(self) -> DisputeCalls:
        return DisputeCalls(self.contracts.desk)

    @cached_property
    def consents(self) -> ConsentCalls:
        return ConsentCalls(self.contracts.desk)

    @cached_property
    def pool(self) -> PoolCalls:
        return PoolCalls(self.contracts.named("TrainingPool"))

    @cached_property
    def tokens(self) -> TokenCalls:
        return TokenCalls(self.contracts)
