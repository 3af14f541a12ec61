"""Named prompts: the built-in ones, and the user's own in a small JSON file beside the ledger.

A file that cannot be read is left as it is, with an error.
"""

from __future__ import annotations

import json
import threading
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from hailuo_nb.media.files import read_bounded, write_atomic
from hailuo_nb.requests import arguments

MAX = 200
"""Templates that one file holds at most."""
_MAX_NAME = 80
_MAX_BYTES = 10_000_000


class Templates(Protocol):
    """Where a studio keeps the user's own templates: [{name, prompt}], the newest first."""

    def all(self) -> list[dict[str, str]]: ...
    def save(self, name: str, prompt: str) -> None: ...
    def delete(self, name: str) -> None: ...


@cache
def built_in() -> tuple[dict[str, Any], ...]:
    """The built-in templates: [{key, name: {en, zh}, prompt: {en, zh}}]."""
    return tuple(json.loads(Path(__file__).with_name("templates.json").read_text(encoding="utf-8")))


class TemplateFile:
    """Templates in one JSON file, written whole or not at all. Every method raises ValueError in
    words for a person."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def all(self) -> list[dict[str, str]]:
        try:
            found = json.loads(read_bounded(self._path, _MAX_BYTES))
            return [{"name": str(one["name"]), "prompt": str(one["prompt"])} for one in found]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise ValueError(
                f"the templates in {self._path.name} cannot be read: {error}"
            ) from None

    def save(self, name: str, prompt: str) -> None:
        """Keep a prompt under a name; the same name again replaces it."""
        name = " ".join(arguments.as_text_without_key("name", name).split())[:_MAX_NAME]
        prompt = arguments.as_text_without_key("prompt", prompt)
        if not name or not prompt.strip():
            raise ValueError("a template needs a name and a prompt")
        with self._lock:
            others = [one for one in self.all() if one["name"] != name]
            if len(others) >= MAX:
                raise ValueError(f"there are {MAX} templates already; delete one first")
            self._write([{"name": name, "prompt": prompt}, *others])

    def delete(self, name: str) -> None:
        with self._lock:
            self._write([one for one in self.all() if one["name"] != name])

    def _write(self, templates: list[dict[str, str]]) -> None:
        try:
            write_atomic(self._path, json.dumps(templates, ensure_ascii=False, indent=1).encode())
        except OSError as error:
            raise ValueError(f"the template cannot be kept: {error.strerror or error}") from None
