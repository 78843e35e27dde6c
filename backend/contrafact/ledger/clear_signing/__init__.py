"""Clear signing: what wallets show of the project's transactions and messages, as ERC-7730 descriptors."""

from contrafact.ledger.clear_signing.descriptors import descriptors as descriptors
from contrafact.ledger.clear_signing.descriptors import file_name as file_name
from contrafact.ledger.clear_signing.descriptors import to_text as to_text
