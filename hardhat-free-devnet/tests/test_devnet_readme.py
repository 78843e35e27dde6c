"""The README says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from hardhat_free_devnet.cli import _parser
from hardhat_free_devnet.methods import METHODS

README = (Path(__file__).parent.parent / "README.md").read_text()


def test_the_methods_table_lists_exactly_the_methods_there_are():
    section = README.split("## Methods")[1].split("\n## ")[0]
    assert sorted(re.findall(r"`([a-z0-9]+_[A-Za-z0-9_]+)", section)) == sorted(METHODS)


def test_the_options_table_lists_exactly_the_options_there_are():
    section = README.split("## Options")[1].split("\n## ")[0]
    options = {
        name for action in _parser()._actions for name in action.option_strings if name.startswith("--")
    }
    assert set(re.findall(r"`(--[a-z-]+)", section)) == options - {"--help", "--version"}
