"""The lock files: complete, hashed, free of addresses, and of one mind."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

LOCKS = Path(__file__).parents[2] / ".ci" / "locks"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)


def _pins(name: str) -> dict[tuple[str, str], str]:
    text = (LOCKS / f"{name}.txt").read_text("utf-8")
    return {(package, marker): version for package, version, marker in _PIN.findall(text)}


@pytest.mark.parametrize("name", ["lab", "dev", "dist", "docs"])
def test_no_address_and_every_line_hashed(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(index-url|extra-index-url|find-links)", text, re.MULTILINE)
    starts = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(starts) == len(_pins(name)), "a line that is no pin followed by hashes"


def test_the_dev_set_holds_the_lab_set() -> None:
    """`make test` after `make demo` changes no version, and .venv/.dev counts for .venv/.lab."""
    lab, dev = _pins("lab"), _pins("dev")
    differing = {
        pin: (version, dev.get(pin)) for pin, version in lab.items() if dev.get(pin) != version
    }
    assert not differing


def test_the_locks_were_made_from_this_pyproject() -> None:
    """After a change of pyproject.toml: `make lock`."""
    project = tomllib.loads((LOCKS.parents[1] / "pyproject.toml").read_text("utf-8"))
    optional = project["project"]["optional-dependencies"]
    asked = [
        *project["project"]["dependencies"],
        *optional["raters"],
        *optional["simulator"],
        *optional["stats"],
        *optional["video"],
        *project["dependency-groups"]["lab"],
    ]
    wanted = {requirement.name: requirement for requirement in map(Requirement, asked)}
    # uv notes below each pin who asked for it; our own lines are "hailuo-nb (pyproject.toml)".
    blocks = re.split(r"^(?=\S)", (LOCKS / "lab.txt").read_text("utf-8"), flags=re.MULTILINE)
    ours = [block for block in blocks if re.search(r"#  *(?:via +)?hailuo-nb\b", block)]
    pinned = {pin[1]: pin[2] for pin in map(_PIN.match, ours) if pin}
    assert set(pinned) == set(wanted)
    tools = {Requirement(line).name for line in project["dependency-groups"]["dist"]}
    assert tools <= {package for package, _ in _pins("dist")}
    assert not [
        name for name, version in pinned.items() if not wanted[name].specifier.contains(version)
    ]
