"""The command `hardhat-free-devnet`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path

from .accounts import DEFAULT_MNEMONIC, DevAccount
from .app import ANY_ORIGIN
from .devnet import Devnet
from .errors import DevnetError
from .limits import Limits
from .settings import ETHER
from .version import __version__

WARNING = """\
WARNING: these keys are public. Anybody can take what is sent to them on a real network.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a node until SIGINT or SIGTERM. Returns the exit code: 2 when it cannot be started."""
    options = _parser().parse_args(argv)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with _devnet(options) as node:
            _announce(node, quiet=options.quiet)
            while node.is_running() and not stop.wait(0.5):
                pass
    except DevnetError as error:
        print(f"hardhat-free-devnet: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hardhat-free-devnet", description="An Ethereum development node in pure Python."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8545, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--chain-id", type=int, default=31337, help="chain id (default: %(default)s)")
    parser.add_argument("--accounts", type=int, default=20, help="how many are funded (default: %(default)s)")
    parser.add_argument(
        "--balance", type=_ether, default="10000", help="of each, in ether (default: %(default)s)"
    )
    parser.add_argument("--mnemonic", default=DEFAULT_MNEMONIC, help="of the accounts (default: %(default)s)")
    parser.add_argument("--gas-limit", type=int, default=30_000_000, help="of a block (default: %(default)s)")
    parser.add_argument("--block-time", type=float, metavar="SECONDS", help="make blocks this often")
    parser.add_argument("--no-mining", action="store_true", help="make blocks only when asked to")
    parser.add_argument(
        "--allow-origin",
        action="append",
        metavar="ORIGIN",
        help="a web page that may talk to the node; can be repeated (default: all)",
    )
    for name, number in asdict(Limits()).items():
        option = f"--max-{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=number, help="limit (default: %(default)s)")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep the chain in this file")
    parser.add_argument("--quiet", action="store_true", help="do not print the accounts and keys")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _ether(text: str) -> int:
    """Ether, as decimal text, in wei."""
    try:
        return int(Decimal(text) * ETHER)
    except (InvalidOperation, ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"not an amount of ether: {text}") from None


def _devnet(options: argparse.Namespace) -> Devnet:
    return Devnet(
        chain_id=options.chain_id,
        accounts=options.accounts,
        balance=options.balance,
        mnemonic=options.mnemonic,
        host=options.host,
        port=options.port,
        state=options.state,
        gas_limit=options.gas_limit,
        block_time=options.block_time,
        automine=not options.no_mining,
        origins=options.allow_origin or ANY_ORIGIN,
        limits=Limits(**{name: getattr(options, f"max_{name}") for name in asdict(Limits())}),
    )


def _announce(node: Devnet, quiet: bool) -> None:
    """The last line says that the node is ready; a parent process may wait for it."""
    if not quiet:
        print(WARNING)
        print("\n".join(_line(account) for account in node.accounts), end="\n\n")
    print(f"Chain id {node.chain_id}")
    print(f"Listening on {node.url}", flush=True)


def _line(account: DevAccount) -> str:
    return f"({account.index}) {account.address}  {account.key}"
