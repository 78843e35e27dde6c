"""Making a block from transactions, aside from the chain: nothing is kept until the chain takes the draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eth.abc import BlockAPI, BlockHeaderAPI, ReceiptAPI, SignedTransactionAPI, VirtualMachineAPI
from eth_utils.exceptions import ValidationError

from .sender import executable, sender_of
from .store import Overlay


@dataclass(frozen=True)
class Draft:
    """A block that could be the next one. `dropped` says why transactions can never be in it, by hash."""

    block: BlockAPI
    receipts: tuple[ReceiptAPI, ...]
    dropped: dict[bytes, str]
    data: Overlay


def build(
    vm: VirtualMachineAPI, header: BlockHeaderAPI, candidates: Iterable[SignedTransactionAPI], data: Overlay
) -> Draft:
    """Execute the candidates in this order and close the block.

    A transaction that does not fit into what is left of the block's gas, or is not valid, is left out with
    all later ones of its sender. `vm` works in the context of `header`, over `data`.
    """
    done: list[SignedTransactionAPI] = []
    receipts: list[ReceiptAPI] = []
    dropped: dict[bytes, str] = {}
    skipped: set[bytes] = set()
    for transaction in candidates:
        sender = sender_of(transaction)
        if sender in skipped:
            continue
        if transaction.gas > header.gas_limit - header.gas_used:
            skipped.add(sender)
            continue
        try:
            receipt, _ = vm.apply_transaction(header, executable(transaction))
        except ValidationError as error:  # what py-evm checks beyond `admission`; nothing has changed yet
            dropped[transaction.hash] = str(error)
            skipped.add(sender)
            continue
        header = vm.add_receipt_to_header(header, receipt)
        done.append(transaction)
        receipts.append(receipt)
    filled = vm.set_block_transactions_and_withdrawals(vm.get_block(), header, tuple(done), tuple(receipts))
    vm.state.persist()  # py-evm's finalize_block would add a reward of nothing, and so an empty account
    block = filled.copy(header=filled.header.copy(state_root=vm.state.state_root))
    return Draft(block, tuple(receipts), dropped, data)
