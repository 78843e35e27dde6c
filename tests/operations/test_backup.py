"""A backup gives everything back that was there, whole, encrypted if wanted, and overwrites nothing."""

from __future__ import annotations

import re
import secrets
import stat
from pathlib import Path

import pyrage
import pytest

from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.operations.backup import Places, Vault, restore, take
from contrafact.order.folder import OrderFolder
from contrafact.records.folder import FolderStore

ORDER = bytes(31) + b"\x07"


def places(folder: Path) -> Places:
    return Places(folder / "home", folder / "deployments/31337.json", folder / "store")


@pytest.fixture
def site(tmp_path: Path) -> Places:
    made = places(tmp_path / "first")
    order = OrderFolder(made.home, ORDER)
    order.once("secret", lambda: b"s" * 32, mode=0o600)
    order.once("quote.json", lambda: b"{}")
    made.deployment.parent.mkdir()
    made.deployment.write_text("{}")
    FolderStore(made.store or "").put(b"a piece")
    (made.home / "orders" / ".partial-1").write_bytes(b"half of a file")
    (made.home / "service.db-wal").write_bytes(b"a page")
    return made


def files(where: Places) -> dict[str, tuple[bytes, int]]:
    root = where.home.parent
    found = (path for path in root.rglob("*") if path.is_file() and not re.match(r"\.|.*\.db", path.name))
    return {str(path.relative_to(root)): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) for path in found}


def test_what_is_restored_is_what_was_there(site: Places, tmp_path: Path) -> None:
    taken = take(site, Vault(tmp_path / "backup"))
    restored = restore(Vault(tmp_path / "backup"), places(tmp_path / "second"))
    assert restored == taken.snapshot
    assert files(places(tmp_path / "second")) == files(site)
    assert len(restored.files) == 4


def test_a_later_snapshot_adds_what_is_new_and_the_earlier_one_stays(site: Places, tmp_path: Path) -> None:
    vault = Vault(tmp_path / "backup")
    first = take(site, vault).snapshot
    FolderStore(site.store or "").put(b"another piece")
    second = take(site, Vault(tmp_path / "backup"))
    assert second.new_bytes == len(b"another piece")
    assert vault.snapshots() == [first.taken_at, second.snapshot.taken_at]
    assert len(restore(vault, places(tmp_path / "then"), first.taken_at).files) == 4
    assert len(restore(vault, places(tmp_path / "now")).files) == 5
    with pytest.raises(NotFound, match="2020"):
        restore(vault, places(tmp_path / "never"), "2020")


def test_an_encrypted_backup_shows_nothing_and_opens_with_its_identity_alone(site: Places, tmp_path: Path) -> None:
    identity, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    take(site, Vault(tmp_path / "backup", [str(identity.to_public())]))
    kept = b"".join(path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file())
    assert b"s" * 32 not in kept
    assert b"orders/" not in kept
    for identities in ((), (str(other),)):
        with pytest.raises(InvalidInput, match="--identity"):
            restore(Vault(tmp_path / "backup", identities=identities), places(tmp_path / "second"))
    restore(Vault(tmp_path / "backup", identities=[str(identity)]), places(tmp_path / "second"))
    assert files(places(tmp_path / "second")) == files(site)


def test_a_restore_overwrites_nothing_and_goes_on_where_it_was_interrupted(site: Places, tmp_path: Path) -> None:
    vault, second = Vault(tmp_path / "backup"), places(tmp_path / "second")
    take(site, vault)
    OrderFolder(second.home, ORDER).once("secret", lambda: b"s" * 32, mode=0o600)
    restore(vault, second)
    assert files(second) == files(site)
    third = places(tmp_path / "third")
    OrderFolder(third.home, ORDER).once("secret", lambda: b"t" * 32)
    with pytest.raises(InvalidInput, match="there already"):
        restore(vault, third)
    assert len(files(third)) == 1


def test_a_damaged_backup_is_not_restored(site: Places, tmp_path: Path) -> None:
    vault = Vault(tmp_path / "backup")
    taken = take(site, vault)
    secret = next(file for file in taken.snapshot.files if file.path.endswith("secret"))
    (tmp_path / "backup" / "objects" / secret.sha256[:2] / secret.sha256).write_bytes(secrets.token_bytes(32))
    with pytest.raises(StoreError, match="damaged"):
        restore(vault, places(tmp_path / "second"))


def test_a_backup_inside_of_what_it_backs_up_is_refused(site: Places) -> None:
    with pytest.raises(InvalidInput, match="elsewhere"):
        take(site, Vault(site.home / "backup"))
