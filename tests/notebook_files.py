"""Notebooks as files, without nbformat: what checks a schema takes seconds to import."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path


def write_notebook(path: Path, cells: Sequence[str], *tags: str) -> Path:
    """A notebook with these code cells, for the kernel of this environment. Folders are made.

    tags   of all cells but the first
    """
    code = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": {"tags": [*tags]} if tags and number else {},
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {"cells": code, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(book, ensure_ascii=False, indent=1), encoding="utf-8")
    return path
