"""The files that a run leaves: known to be writable before anything is paid."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hailuo_nb.cli import junit
from hailuo_nb.errors import ArgumentError, HailuoError
from hailuo_nb.media import files
from hailuo_nb.pages.page import page_path
from hailuo_nb.requests import arguments
from hailuo_nb.results import tables

if TYPE_CHECKING:
    import pandas as pd

    from hailuo_nb.results.comparison import Comparison
    from hailuo_nb.results.job import Job


@dataclass(frozen=True, slots=True)
class Outputs:
    """The paths by their options; None for what was not asked for."""

    html: Path | None
    csv: Path | None
    junit: Path | None

    @classmethod
    def of(cls, html: str | None, csv: str | None, junit: str | None, *, plan: str = "") -> Outputs:
        """Raises ArgumentError for a path that is none, that is given twice, or that is the
        plan's."""
        page = None if html is None else page_path(arguments.as_path("--html", html), "inline")
        found = cls(
            page,
            None if csv is None else arguments.as_path("--csv", csv),
            None if junit is None else arguments.as_path("--junit", junit),
        )
        for name, path in found.paths.items():
            if plan and os.path.realpath(path) == os.path.realpath(arguments.as_path("plan", plan)):
                raise ArgumentError(f"{name} {path} is the plan itself, which would be overwritten")
        targets = [path.absolute() for path in found.paths.values()]
        if len(set(targets)) < len(targets):
            raise ArgumentError("--html, --csv and --junit name the same file: give each its own")
        return found

    @property
    def paths(self) -> dict[str, Path]:
        every = {"--html": self.html, "--csv": self.csv, "--junit": self.junit}
        return {name: path for name, path in every.items() if path is not None}

    def require_writable(self) -> None:
        """Raises ArgumentError with the option and the reason. Missing folders are made."""
        for name, path in self.paths.items():
            try:
                target, root = files.user_target(path)
                with files.AtomicFile(target, root=root, mode=files.PUBLIC):
                    pass
            except OSError as error:  # FileError is one
                why = error.strerror or str(error)
                raise ArgumentError(
                    f"{name} {path} cannot be written ({why}). Nothing was sent."
                ) from None

    def write(
        self, board: Comparison, checked: pd.DataFrame | None, missing: Sequence[Job]
    ) -> list[str]:
        """Writes them all; returns what could not be written, with why. See `junit.render`."""
        faults = []
        writers: dict[str, Callable[[Path], object]] = {
            "--html": board.to_html,
            "--csv": board.to_csv,
            "--junit": lambda path: tables.write(
                path, junit.render(board.jobs, board.skipped, checked, missing)
            ),
        }
        for name, path in self.paths.items():
            try:
                writers[name](path)
            except (HailuoError, OSError, ValueError) as error:
                faults.append(f"{name} {path}: {error}")
        return faults
