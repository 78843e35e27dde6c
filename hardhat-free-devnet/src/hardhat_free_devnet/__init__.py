"""An Ethereum development node in pure Python: JSON-RPC 2.0 over py-evm."""

from .accounts import DEFAULT_MNEMONIC, DevAccount
from .devnet import Devnet
from .errors import DevnetError
from .limits import Limits
from .version import __version__

__all__ = ["DEFAULT_MNEMONIC", "DevAccount", "Devnet", "DevnetError", "Limits", "__version__"]
