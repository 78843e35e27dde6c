"""A place to try the service out: contracts, the demo's catalogue and model, an operator with a bond, on any dev chain.

`python -m contrafact.demo.founding` does it on the chain of the settings. All keys are the development chain's, which
everybody knows.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from web3.types import RPCEndpoint

from contrafact.demo import world
from contrafact.demo.chain import development_chain
from contrafact.demo.same_port import same_port
from contrafact.demo.stage import Stage
from contrafact.errors import ContrafactError
from contrafact.records import sealing
from contrafact.settings import Settings, load
from contrafact.wiring import Site

Tell = Callable[[str], None]


@contextmanager
def devnet(folder: Path, settings: Settings, tell: Tell) -> Iterator[Settings]:
    """A development chain whose state is kept in `folder`, founded the first time. Yields the settings to use it with.

    Its port stays the same, so that a wallet may keep the network. Raises ChainError where it does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with same_port(folder / "chain.port", tell, partial(_chain_in, folder)) as url:
        inside = {
            "rpc_url": url,
            "deployment": folder / "deployment.json",
            "store": f"folder:{folder / 'store'}",
            "home": folder / "home",
        }
        changed = open_to_all(settings.model_copy(update=inside), folder)
        site = Site(changed)
        if not found(site, tell):
            _wake(site)
        yield changed


def open_to_all(settings: Settings, folder: Path) -> Settings:
    """The same for a service that anybody may try out in a browser: the demo's people are its wallets, and it relays.

    Its operator's key, which everybody knows, is written to `folder`; and a reader's key, so that private pieces can be
    encrypted.
    """
    key, reader = folder / "operator.key", folder / "reader.key"
    _write_key(key)
    if not reader.exists():
        _write_private(reader, sealing.new_secret().decode())
    inside = {
        "public_rpc_url": settings.public_rpc_url or settings.rpc_url,
        "development_accounts": settings.development_accounts or _write_names(folder / "accounts.json"),
        "operator_key_file": key,
        "reader_key_file": settings.reader_key_file or reader,
        "relay": True,  # its coin is worth nothing
    }
    return settings.model_copy(update=inside)


def found(site: Site, tell: Tell) -> bool:
    """Founds the place, unless it is; begins anew, with new contracts, where that was interrupted. Whether it did."""
    settings = site.settings
    done = settings.home / "founded"
    if done.exists() and settings.deployment.exists():
        return False
    settings.deployment.unlink(missing_ok=True)
    stage = Stage(site)
    tell("Deploying the contracts …")
    stage.deploy()
    tell(f"Registering {len(stage.entries)} works …")
    stage.register(lambda number, count: None)
    tell("Anchoring what the model learnt from, and registering the model …")
    stage.anchor_collections()
    stage.register_model()
    if settings.operator_key_file is not None:
        _write_key(settings.operator_key_file)
    done.parent.mkdir(parents=True, exist_ok=True)
    done.touch()
    return True


def _wake(site: Site) -> None:
    """Mines a block. Offers count from the newest one, and that of a chain which rested is too old for them to hold."""
    site.connection.web3.provider.make_request(RPCEndpoint("evm_mine"), [])


def _chain_in(folder: Path, port: int) -> AbstractContextManager[str]:
    return development_chain(folder / "chain.log", folder / "chain.sqlite", port)


def _write_names(path: Path) -> Path:
    """Who of the demo's world may be tried out in a browser: its makers first."""
    path.write_text(json.dumps(world.names(), indent=2) + "\n", "utf-8")
    return path


def _write_key(path: Path) -> None:
    _write_private(path, bytes(world.account(world.OPERATOR).key).hex())


def _write_private(path: Path, line: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(line + "\n")


def main() -> int:
    try:
        did = found(Site(load()), lambda said: print(said, flush=True))
    except ContrafactError as error:
        print(f"Error: {error.message}\n→ {error.hint}", file=sys.stderr)
        return error.exit_code
    print("Founded." if did else "It is founded already.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
