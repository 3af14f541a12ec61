"""What a newcomer finds: notebooks without outputs, and no address or path that belongs to one
machine."""

from __future__ import annotations

import base64
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "notebooks" / "gallery.ipynb"  # keeps its outputs
NOTEBOOKS = sorted(set((ROOT / "notebooks").glob("*.ipynb")) - {GALLERY})


def tracked() -> list[Path]:
    """The files that git knows or would add; without git, as in a wheel's sources, none."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


def read(path: Path) -> Any:
    """A notebook, valid by its schema."""
    import nbformat  # what checks a schema takes seconds to import

    book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(book)  # type: ignore[no-untyped-call]
    return book


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_stripped_and_valid(path: Path) -> None:
    book = read(path)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert "widgets" not in book.metadata


def test_the_quickstarts_show_the_studio_first_and_fold_the_code() -> None:
    """JupyterLab shows the end of a notebook while it runs all of it: here that is the studio."""
    codes = []
    for name in ("quickstart.ipynb", "quickstart.zh.ipynb"):
        cells = read(ROOT / "notebooks" / name).cells
        assert [cell.cell_type for cell in cells[:3]] == ["markdown", "code", "markdown"]
        assert cells[1].source.splitlines()[-1] == "studio"
        (folded,) = (cell for cell in cells if "jp-MarkdownHeadingCollapsed" in cell.metadata)
        assert cells.index(folded) == 3
        under = [
            re.match("#+", cell.source) for cell in cells[4:-1] if cell.cell_type == "markdown"
        ]
        assert all(found and len(found[0]) == 3 for found in under), "below the folded heading"
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        codes.append(re.sub(r"#.*|\bprompt = .*|studio.editor.language.*\n|\w+\.html", "", code))
    assert codes[0] == codes[1], "both languages run the same"


def test_the_gallery_keeps_small_outputs_of_simulated_clips() -> None:
    """Made by `make gallery`; tests/binder runs it as it runs every notebook."""
    assert GALLERY.stat().st_size < 700_000
    book = read(GALLERY)
    assert "widgets" not in book.metadata
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1)), (
        "run once, from first to last"
    )
    outputs = [output for cell in code for output in cell.outputs]
    assert {output.output_type for output in outputs} <= {
        "display_data",
        "execute_result",
        "stream",
    }
    sheets = [
        output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})
    ]
    tables = [
        output.data["text/html"]
        for output in outputs
        if "<video" in output.get("data", {}).get("text/html", "")
    ]
    assert len(sheets) == len(tables) == 2
    assert all(table.count("<video") == table.count("SIMULATED") == 4 for table in tables)
    assert all(base64.b64decode(sheet).startswith(b"\x89PNG") for sheet in sheets)


def test_nbstripout_leaves_the_gallery_alone() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text()
    (pattern,) = re.findall(r"id: nbstripout\n\s+exclude: (\S+)", text)
    names = [path.relative_to(ROOT).as_posix() for path in [*NOTEBOOKS, GALLERY]]
    assert [name for name in names if re.search(pattern, name)] == ["notebooks/gallery.ipynb"]


def test_no_registry_and_no_path_of_a_machine_in_any_file() -> None:
    """The pattern is put together here so that this file does not match itself."""
    parts = [
        "/(wor" + "k|roo" + "t)/(main|shared|\\.)",
        "index" + "-url *=",
        '"resolved": *"ht' + "tp",
    ]
    forbidden = re.compile("|".join(parts))
    hits = []
    for path in tracked():
        if path.suffix in {".png", ".jpg", ".mp4", ".woff2"} or path.stat().st_size > 2_000_000:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        hits += [f"{path.relative_to(ROOT)}: {found[0]}" for found in forbidden.finditer(text)]
    assert hits == []


def test_the_top_level_holds_what_is_listed_here() -> None:
    """A probe once left its files there, and they were committed."""
    found = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert not found - {
        *(".ci", ".github", "binder", "docs", "hailuo_nb", "notebooks", "tests"),
        *("CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md"),
        *("pyproject.toml", ".gitattributes", ".gitignore", ".pre-commit-config.yaml"),
    }


def test_the_readme_names_only_what_is_there() -> None:
    import hailuo_nb as hn

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"\bhn\.(\w+)", text)):
        assert hasattr(hn, name), f"the README speaks of hn.{name}"
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (ROOT / target).exists(), f"the README links to {target}"


def test_every_test_that_the_security_promises_name_is_there() -> None:
    text = (ROOT / ".github/SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(\w+/test_\w+\.py)(?:::(test_\w+))?`", text)
    assert len(named) > 30
    for file, name in named:
        source = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {name or 'test_'}", source, re.M), f"{file}::{name}"
