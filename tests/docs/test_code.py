"""The code of the documentation runs: what is a cell on the simulator; what costs money or is for a
shell is held against signatures, options and targets."""

from __future__ import annotations

import ast
import inspect
import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import hailuo_nb as hn
from hailuo_nb.cli.commands import cli
from tests.docs.pages import DOCS, ROOT, blocks, cells, pages, shown

# A Chinese page shows the same cells (tests/unit/test_docs.py).
RUN = [page for page in pages() if cells(page) and DOCS / "zh" not in page.parents]
RUN.append(ROOT / "README.md")
SHOWN = [page for page in pages() if shown(page)]
NAME = {"ids": lambda path: path.relative_to(ROOT).as_posix()}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, tuple[int, str]]:
    """Exit code and output of each page, all of them run by one Python."""
    folder = tmp_path_factory.mktemp("pages")
    command = [sys.executable, "-m", "tests.docs.run_pages", str(folder), *map(str, RUN)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    codes = json.loads(done.stdout)
    return {
        page: (codes[str(page)], (folder / f"{number}.txt").read_text("utf-8"))
        for number, page in enumerate(RUN)
    }


@pytest.mark.parametrize("page", RUN, **NAME)
def test_the_cells_of_a_page_run(ran: dict[Path, tuple[int, str]], page: Path) -> None:
    code, told = ran[page]
    assert code == 0, told


@pytest.mark.parametrize("page", SHOWN, **NAME)
def test_calls_that_are_only_shown_have_arguments_that_fit(page: Path) -> None:
    for code in shown(page):
        for call in ast.walk(ast.parse(code)):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            owner = ast.unparse(call.func.value)
            if owner not in {"hn", "hn.scorers", "board"}:
                continue
            place = {"hn": hn, "hn.scorers": hn.scorers, "board": hn.Comparison}[owner]
            named = {keyword.arg: None for keyword in call.keywords if keyword.arg}
            itself = [None] if owner == "board" else []
            inspect.signature(getattr(place, call.func.attr)).bind(*itself, *call.args, **named)


def test_commands_are_there() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for page in [*pages(), ROOT / "README.md"]:
        lines = [*blocks(page, "{code-block}", "shell"), *blocks(page, "", "shell")]
        for line in "\n".join(lines).splitlines():
            match shlex.split(line, comments=True):
                case ["make", target, *_]:
                    assert target in targets, f"{page.name}: {line}"
                case ["pip", "install", what, *_] if "[" in what:
                    extras = set(what.partition("[")[2].rstrip("]").split(","))
                    assert extras <= set(project["optional-dependencies"]), f"{page.name}: {line}"
                case ["python", "-m", "hailuo_nb", name, *options]:
                    command = cli.commands[name]  # made and not invoked: its options are read
                    command.make_context(name, options)


def test_the_plan_of_the_page_is_one(tmp_path: Path) -> None:
    from hailuo_nb.cli import plan_file

    (example,) = blocks(DOCS / "how-to" / "checks.md", "", "text")
    (tmp_path / "plan.csv").write_text(example, encoding="utf-8")
    plan = plan_file.read(str(tmp_path / "plan.csv"))
    assert list(plan["provider"]) == ["simulated:ppinfra"] * 2
    assert list(plan["duration"]) == [6, 6]
