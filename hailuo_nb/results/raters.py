"""Who votes and gives stars and notes: the ledger's own user, or a name."""

from __future__ import annotations

import os
import unicodedata

from hailuo_nb.engine.ledger.annotations import MAX_RATER, ME
from hailuo_nb.errors import ArgumentError
from hailuo_nb.media.text import visible
from hailuo_nb.requests import arguments
from hailuo_nb.requests.redaction import may_be_key

RATER_VARIABLE = "HAILUO_NB_RATER"


def own_rater() -> str:
    """The name in HAILUO_NB_RATER, where several people vote in one ledger; else "me", and not the
    name of the account, which would stand in every exported folder. Raises ArgumentError."""
    given = os.environ.get(RATER_VARIABLE, "").strip()
    return rater_name(RATER_VARIABLE, given) if given else ME


def given_or_own(rater: object) -> str:
    """Raises ArgumentError."""
    return own_rater() if rater is None else rater_name("rater", rater)


def rater_name(argument: str, value: object) -> str:
    """A name of one line, each blank once. Raises ArgumentError."""
    text = unicodedata.normalize("NFC", arguments.as_text(argument, value, 10 * MAX_RATER))
    name = " ".join(text.split())
    if not name or len(name) > MAX_RATER or visible(name) != name:
        raise ArgumentError(
            f"{argument} is a name of 1 to {MAX_RATER} visible characters, not "
            f"{arguments.describe(value)}"
        )
    if may_be_key(name):
        raise ArgumentError(f"{argument} looks like a key, and would stand in exported files")
    return name
