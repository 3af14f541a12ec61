"""Docstrings of this project as reStructuredText: plain text, `code`, and "name  what it is"."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any

_ITEM = re.compile(r"(?P<names>\**\w[\w.*]*(?:, \**\w[\w.*]*)*) {2,}(?P<text>\S.*)")


def setup(app: Any) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", _process)
    app.connect("autodoc-process-signature", _signature)
    return {"parallel_read_safe": True}


def _process(*given: Any) -> None:
    """The lines of a docstring are the last argument of the event; they are changed in place."""
    lines = given[-1]
    lines[:] = converted(lines)


def _signature(*given: Any) -> tuple[str, str] | None:
    """Of a class whose metaclass hides it: that of `__init__`."""
    what, thing, arguments = given[1], given[3], given[5]
    if what != "class" or not (arguments or "").startswith("(*args"):
        return None
    from sphinx.util.inspect import stringify_signature

    _, *parameters = inspect.signature(thing.__init__).parameters.values()
    return stringify_signature(inspect.Signature(parameters)), ""


def converted(lines: Iterable[str]) -> list[str]:
    """Paragraphs as they are, items as a definition list, what is indented as code."""
    made: list[str] = []
    for paragraph in _paragraphs(lines):
        if all(line.startswith("    ") for line in paragraph):
            made += ["::", "", *paragraph, ""]
        else:
            made += _parts(paragraph)
    return made


def _paragraphs(lines: Iterable[str]) -> Iterator[list[str]]:
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            paragraph.append(line.rstrip())
        elif paragraph:
            yield paragraph
            paragraph = []


def _parts(paragraph: list[str]) -> Iterator[str]:
    text: list[str] = []
    in_item = False
    for line in paragraph:
        found = _ITEM.fullmatch(line)
        if found:
            yield from _flow(text, in_item)
            yield ", ".join(f"``{name}``" for name in found["names"].split(", "))
            text, in_item = [found["text"]], True
        elif in_item and not line.startswith("  "):
            yield from _flow(text, in_item)
            text, in_item = [line], False
        else:
            text.append(line.strip())
    yield from _flow(text, in_item)


def _flow(text: list[str], in_item: bool) -> Iterator[str]:
    if text:
        yield ("   " if in_item else "") + _escaped(" ".join(text))
        yield ""


def _escaped(text: str) -> str:
    pieces = text.replace("``", "`").split("`")
    for index, piece in enumerate(pieces):
        if index % 2:
            # A literal that touches a letter is none in reStructuredText.
            touches = pieces[index + 1][:1].isalnum() if index + 1 < len(pieces) else False
            pieces[index] = f"``{piece.strip()}``" + "\\ " * touches
            continue
        plain = piece.replace("\\", "\\\\").replace("|", "\\|")
        plain = re.sub(r"(?<!\*)\*(?!\*)", r"\\*", plain)
        pieces[index] = re.sub(r"_(?!\w)", r"\\_", plain)
    return "".join(pieces)
