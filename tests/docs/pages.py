"""The pages of the documentation, and the code in them."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"^```(\{[\w-]+\})? *(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r"^:[\w-]+:.*\n", re.MULTILINE)


def pages() -> list[Path]:
    return sorted(DOCS.rglob("*.md"))


def blocks(path: Path, directive: str, language: str) -> list[str]:
    """Fenced code of a page: with this directive ("" for none) and this language."""
    found = _BLOCK.findall(path.read_text(encoding="utf-8"))
    return [
        _OPTION.sub("", code) for kind, of, code in found if (kind, of) == (directive, language)
    ]


def cells(path: Path) -> list[str]:
    """What is run, by the site and by the tests."""
    return blocks(path, "{code-cell}", "python")


def shown(path: Path) -> list[str]:
    """Python that is shown and not run: it asks a person, or costs money."""
    return blocks(path, "", "python")


def module(path: str) -> ModuleType:
    """A script of the repository as a module."""
    source = ROOT / path
    sys.path.insert(0, str(source.parent))
    try:
        spec = importlib.util.spec_from_file_location(source.stem, source)
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(made)
    finally:
        sys.path.remove(str(source.parent))
    return made
