"""The parts of pages that are made from the code: states, ledger, files, command line, providers.

`write(folder)` makes them; pages take them in by `{include}`. tests/unit/test_docs.py holds them.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import state_drawing

ROOT = Path(__file__).resolve().parent.parent


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PARTS.items():
        (folder / name).write_text(make() + "\n", encoding="utf-8")


def providers() -> str:
    return script(".ci/provider_table.py").table()


def states() -> str:
    """What may follow what, as a table."""
    from hailuo_nb.engine.states import TRANSITIONS

    lines = ["| state | what happens | then |", "|---|---|---|"]
    lines += [f"| `{one}` | {event} | `{after}` |" for (one, event), after in TRANSITIONS.items()]
    return "\n".join(lines)


def ledger() -> str:
    """Tables and columns of today's format."""
    import sqlite3

    from hailuo_nb.engine.ledger.sqlite import schema

    lines = [f"Format {schema.FORMAT}, as `PRAGMA user_version` says.", ""]
    with sqlite3.connect(":memory:") as db:
        schema._migrate(db, 0, schema.FORMAT)
        names = [
            name
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
            )
        ]
        for name in names:
            lines += [f"### `{name}`", "", "| column | type | may be empty |", "|---|---|---|"]
            for _, column, kind, needed, *_, key in db.execute(f"PRAGMA table_info({name})"):
                empty = "no" if needed or key else "yes"
                lines.append(f"| `{column}` | {kind.lower()} | {empty} |")
            lines.append("")
    return "\n".join(lines)


def columns() -> str:
    """Columns of `to_frame()` and of `comparison.json`."""
    from hailuo_nb.results import bundle
    from hailuo_nb.results.columns import FIELDS, FILE_FIELDS

    def named(names: object) -> str:
        return ", ".join(f"`{name}`" for name in names)  # type: ignore[attr-defined]

    return (
        f"`comparison.json` has `format` `{bundle.FORMAT}` and `version` {bundle.VERSION}. "
        f"A clip in it has {named(FIELDS)}, and {named(FILE_FIELDS)}."
    )


def errors() -> str:
    """Every public error, in the order of `errors.py`."""
    import hailuo_nb
    from hailuo_nb import errors as module

    names = [name for name in vars(module) if name in hailuo_nb.__all__]
    return "\n".join(f".. autoexception:: hailuo_nb.{name}\n   :members:" for name in names)


def commands() -> str:
    """Each command with what it says of itself."""
    from hailuo_nb.cli.commands import cli

    parts = []
    for name in sorted(cli.commands):
        words = _help(cli.commands[name], f"python -m hailuo_nb {name}")
        parts.append(f"### {name}\n\n{words}\n")
    return _help(cli, "python -m hailuo_nb") + "\n\n" + "\n".join(parts)


def script(path: str) -> ModuleType:
    """A script of this repository as a module."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _help(command: Any, name: str) -> str:
    import click

    context = click.Context(command, info_name=name, max_content_width=88, terminal_width=88)
    return f"```text\n{command.get_help(context).rstrip()}\n```"


def gallery() -> str:
    return "The boards are made by `make docs`, without `--no-run`."


PARTS: dict[str, Callable[[], str]] = {
    "providers.md": providers,
    "states.md": states,
    "states.svg": state_drawing.draw,
    "ledger.md": ledger,
    "columns.md": columns,
    "errors.rst": errors,
    "gallery.md": gallery,
    "commands.md": commands,
}
