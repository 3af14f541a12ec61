"""What a newcomer finds: notebooks without outputs, and no address or path that belongs to one machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def tracked() -> list[Path]:
    """The files that git knows or would add; without git, as in a wheel's sources, none."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_stripped_and_valid(path: Path) -> None:
    book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(book)  # type: ignore[no-untyped-call]
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert "widgets" not in book.metadata


def test_no_registry_and_no_path_of_a_machine_in_any_file() -> None:
    """The pattern is put together here so that this file does not match itself."""
    parts = ["/(wor" + "k|roo" + "t)/(main|shared|\\.)", "index" + "-url *=", '"resolved": *"ht' + "tp"]
    forbidden = re.compile("|".join(parts))
    hits = []
    for path in tracked():
        if path.suffix in {".png", ".jpg", ".mp4", ".woff2"} or path.stat().st_size > 2_000_000:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        hits += [f"{path.relative_to(ROOT)}: {found[0]}" for found in forbidden.finditer(text)]
    assert hits == []


def test_the_readme_names_only_what_is_there() -> None:
    import hailuo_nb as hn

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"\bhn\.(\w+)", text)):
        assert hasattr(hn, name), f"the README speaks of hn.{name}"
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (ROOT / target).exists(), f"the README links to {target}"
