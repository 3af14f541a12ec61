"""The arrows between the rooms, and what `import hailuo_nb` may not do.

The rules themselves are `[tool.importlinter]` in pyproject.toml. The second half runs in fresh
processes, because this one has long imported everything.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    "pandas",
    "numpy",
    "av",
    "PIL",
    "cv2",
    "starlette",
    "httpx2",
    "anywidget",
    "ipywidgets",
    "nest_asyncio2",
)

# What a fresh Python looks like before and after a statement, as JSON on its last line.
_PROBE = """
import asyncio, json, sys, threading
def patchable():
    names = ["run", "get_event_loop", "new_event_loop", "Task", "Future", "run_coroutine_threadsafe"]
    owners = [(asyncio, names), (asyncio.BaseEventLoop, ["run_forever", "run_until_complete", "_run_once"])]
    return [id(getattr(owner, name)) for owner, names in owners for name in names]
before, hooks = patchable(), (sys.excepthook, threading.excepthook)
{statement}
print(json.dumps({{
    "modules": sorted(sys.modules),
    "threads": [thread.name for thread in threading.enumerate()],
    "patched": patchable() != before or (sys.excepthook, threading.excepthook) != hooks,
}}))
"""


def _after(statement: str, folder: Path) -> dict[str, Any]:
    """Run `statement` in a fresh Python whose working directory is `folder`, and look at what it
    left."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", _PROBE.format(statement=statement)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert done.returncode == 0, done.stderr
    left: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return left


def test_arrows_run_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    print(done.stdout, done.stderr)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "0 broken" in done.stdout


def test_the_map_in_contributing_is_the_package() -> None:
    """Its rooms and files are those there are, and its line of arrows is the rule."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tree = re.search(r"^hailuo_nb/\n(.*?)^```", text, re.M | re.S)
    assert tree is not None
    drawn = re.findall(r"^  (\w+(?:/|\.py)) ", tree[1], re.M)
    package = ROOT / "hailuo_nb"
    rooms = [f"{path.parent.name}/" for path in package.glob("*/__init__.py")]
    assert sorted(drawn) == sorted(rooms + [path.name for path in package.glob("*.py")])

    (line,) = re.findall(r"^`__main__` → .*$", text, re.M)
    arrows = [re.findall(r"`(\w+)`", floor) for floor in line.split("→")]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (rule,) = [
        rule for rule in settings["tool"]["importlinter"]["contracts"] if rule["id"] == "arrows"
    ]
    assert arrows == [re.findall(r"\w+", floor) for floor in rule["layers"]]


@pytest.mark.parametrize(
    "statement",
    [
        "import hailuo_nb",
        "import hailuo_nb; dir(hailuo_nb)",
        "import hailuo_nb; hailuo_nb.Studio.__doc__",
    ],
    ids=["import", "dir", "Studio"],
)
def test_importing_starts_nothing_and_patches_nothing(statement: str, tmp_path: Path) -> None:
    left = _after(statement, tmp_path)
    assert left["threads"] == ["MainThread"]
    assert not left["patched"]
    assert not list(tmp_path.iterdir()), "no folder, no ledger before it is needed"


def test_importing_is_light(tmp_path: Path) -> None:
    left = _after("import hailuo_nb; dir(hailuo_nb)", tmp_path)
    loaded = {name.partition(".")[0] for name in left["modules"]}
    assert "hailuo_nb" in loaded
    assert not loaded & set(HEAVY)


def test_the_probe_sees_a_heavy_module_a_thread_and_a_patch(tmp_path: Path) -> None:
    left = _after(
        "import PIL, nest_asyncio2; nest_asyncio2.apply(asyncio.new_event_loop());"
        " threading.Thread(target=threading.Event().wait, daemon=True, name='worker').start()",
        tmp_path,
    )
    assert "PIL" in left["modules"]
    assert "worker" in left["threads"]
    assert left["patched"]


def test_every_public_name_is_there(tmp_path: Path) -> None:
    """The names are resolved lazily; a misspelt one would show only when somebody uses it."""
    _after("import hailuo_nb as hn; [getattr(hn, name) for name in hn.__all__]", tmp_path)
