"""The README's table of providers is made from the catalogue."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from hailuo_nb import catalog
from hailuo_nb.providers import registry

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "provider_table", ROOT / ".ci" / "provider_table.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_has_the_table_of_today(script: ModuleType) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert script.written(text) == text, "run python .ci/provider_table.py"


def test_it_names_everyone_and_what_is_assumed(script: ModuleType) -> None:
    lines = script.table().splitlines()[2:]
    assert len(lines) == len(catalog.providers())
    for name, line in zip(catalog.providers(), lines, strict=True):
        assert f"`{name}`" in line
        assert all(f"`{variable}`" in line for variable in registry.get(name).key_variables)
        rows = [row for row in catalog.rows() if row.provider == name]
        guessed = any(cell.assumed for row in rows for cell in row.cells)
        assert ("sold or not" in line) == guessed
