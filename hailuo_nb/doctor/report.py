"""What `hn.doctor()` found, as text, as Markdown, and as a table in a notebook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

Status = Literal["ok", "info", "attention"]

WORDS: dict[Status, str] = {"ok": "OK", "info": "", "attention": "Attention"}
"""How a status is written; what is only to know has none."""

NOTHING = "Nothing here asks for attention."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    name      what
    found     how it is
    status    "ok" was checked and is fine, "info" is to know, "attention" asks for something
    advice    what to do, where that belongs to this line
    warnings  what asks for attention, as whole sentences; the status then is "attention"
    """

    name: str
    found: str
    status: Status = "info"
    advice: str = ""
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.warnings:
            object.__setattr__(self, "status", "attention")


@dataclass(frozen=True, slots=True)
class Section:
    """Checks of one subject."""

    title: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Report:
    """The result of `hn.doctor()`. It holds no key, and no path of a home folder but as `~`.

    sections  what was found
    warnings  what asks for attention, one sentence each
    text      all of it, to be pasted into a report
    A notebook shows it as a table.
    """

    sections: tuple[Section, ...]

    @classmethod
    def of(cls, sections: Sequence[Section]) -> Report:
        """A report of these sections; the home folder is written as `~` wherever it stands."""
        return cls(tuple(replace(one, checks=tuple(map(_at_home, one.checks))) for one in sections))

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        found = (
            line for section in self.sections for check in section.checks for line in check.warnings
        )
        return tuple(dict.fromkeys(found))

    @cached_property
    def text(self) -> str:
        parts = [_section_text(section) for section in self.sections]
        parts.append("\n".join(f"! {line}" for line in self.warnings) or NOTHING)
        return "\n\n".join(parts)

    def to_markdown(self) -> str:
        """All of it as Markdown tables, for a page or an issue."""
        lines = [*(f"- **{WORDS['attention']}:** {_markdown(line)}" for line in self.warnings)] or [
            NOTHING
        ]
        for section in self.sections:
            lines += ["", f"| {section.title} | | |", "| --- | --- | --- |"]
            for check in section.checks:
                found = "<br>".join(_markdown(text) for text in (check.found, check.advice) if text)
                lines.append(f"| {_markdown(check.name)} | {WORDS[check.status]} | {found} |")
        return "\n".join(lines) + "\n"

    def __repr__(self) -> str:
        return f"<Report: {len(self.warnings)} warnings; .text holds all of it>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from hailuo_nb.doctor import page
        from hailuo_nb.pages.progress import in_kernel

        if not in_kernel():  # a terminal, where it has been printed
            return {"text/plain": repr(self)}
        return {"text/plain": self.text, "text/html": page.render(self)}


def _section_text(section: Section) -> str:
    width = max((len(check.name) for check in section.checks), default=0)
    lines = [f"{section.title}:"]
    for check in section.checks:
        lines.append(f"  {check.name:<{width}}  {check.found}")
        lines += [f"      {check.advice}"] if check.advice else []
    return "\n".join(lines)


def _at_home(check: Check) -> Check:
    return replace(
        check,
        found=without_home(check.found),
        advice=without_home(check.advice),
        warnings=tuple(map(without_home, check.warnings)),
    )


def without_home(text: str) -> str:
    """The text with `~` for the home folder, whose name most often is that of a person."""
    try:
        home = Path.home()
    except RuntimeError:  # this user has none
        return text
    for folder in {str(home), str(home.resolve())} - {home.anchor}:
        text = re.sub(rf"{re.escape(folder)}(?![\w.-])", "~", text)
    return text


_SPECIAL = re.compile(r"([\\`*_\[\]|~])")


def _markdown(text: str) -> str:
    """Text in a cell of Markdown: it makes no markup, no row and no mention of anybody."""
    text = _SPECIAL.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))
    return text.replace("@", "&#64;").replace("#", "&#35;").replace("\n", " ")
