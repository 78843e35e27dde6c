"""What the documentation lists is what the program has."""

from __future__ import annotations

import re
from pathlib import Path

from contrafact import errors
from contrafact.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_settings_page_lists_every_setting_with_its_default() -> None:
    rows = re.findall(r"^\| `CONTRAFACT_(\w+)` \| `?([^|`]*)`? \|", (ROOT / "docs/settings.md").read_text(), re.M)
    documented = {name.lower(): default.strip() for name, default in rows}
    actual = {
        name: "none" if field.default is None else str(field.default) for name, field in Settings.model_fields.items()
    }
    assert documented == actual


def test_error_tree_in_the_docstring_names_every_error() -> None:
    defined = {name for name, value in vars(errors).items() if isinstance(value, type)}
    drawn = set(re.findall(r"\b([A-Z]\w+[a-z])\b(?=  |\n|$)", errors.__doc__ or ""))
    assert defined <= drawn | {"ContrafactError"}


def test_every_error_has_its_own_code() -> None:
    kinds = [value for value in vars(errors).values() if isinstance(value, type)]
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_top_level_holds_only_what_the_layout_names() -> None:
    import subprocess

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    top = {line.split("/")[0] for line in listed.splitlines()}
    folders = {"contracts", "backend", "scripts", "tests", "hardhat-free-devnet", "docs", ".ci", ".gitignore"}
    files = {"pyproject.toml", "constraints.txt", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"}
    assert top <= folders | files


def test_links_of_the_documents_lead_somewhere() -> None:
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").glob("**/*.md"),
        ROOT / "contracts/README.md",
    ]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []
