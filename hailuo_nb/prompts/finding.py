"""One lint message about a prompt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """A message about `prompt[start:end]`. `replacement` for that span fixes it, as does each of
    `others`, where more than one thing can be meant; `values` are for the page's own words.

    rule: of a bracket: empty_bracket, plain_bracket, too_many, opposites, static_with_move,
    duplicate; of its words: unknown_command, adverb, which_move, no_separator, in_turn; of several
    brackets: other_names, split_orbit; of how it is bracketed: unclosed_bracket, nested_bracket,
    escaped_bracket, other_bracket, bare_move.
    """

    rule: str
    message: str
    start: int
    end: int
    replacement: str | None = None
    others: tuple[str, ...] = ()
    values: Mapping[str, str | int] = field(default_factory=dict)
