"""The lock files: complete, hashed, free of addresses, and of one mind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LOCKS = Path(__file__).parents[2] / ".ci" / "locks"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)


def _pins(name: str) -> dict[tuple[str, str], str]:
    text = (LOCKS / f"{name}.txt").read_text("utf-8")
    return {(package, marker): version for package, version, marker in _PIN.findall(text)}


@pytest.mark.parametrize("name", ["lab", "dev"])
def test_no_address_and_every_line_hashed(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(index-url|extra-index-url|find-links)", text, re.MULTILINE)
    starts = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(starts) == len(_pins(name)), "a line that is no pin followed by hashes"


def test_the_dev_set_holds_the_lab_set() -> None:
    """`make test` after `make demo` changes no version, and .venv/.dev counts for .venv/.lab."""
    lab, dev = _pins("lab"), _pins("dev")
    differing = {pin: (version, dev.get(pin)) for pin, version in lab.items() if dev.get(pin) != version}
    assert not differing
