"""Text of others made visible, and errors that IPython shows by their message alone."""

from __future__ import annotations

import pytest

from hailuo_nb.errors import HailuoError
from hailuo_nb.media import text as told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A cat 猫 🐈‍⬛ قطة\n\tnext", "A cat 猫 🐈‍⬛ قطة\n\tnext"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\0b\x7f\x9b", "a\\x00b\\x7f\\x9b"),
        ("gnp.\u202etac", "gnp.\\u202etac"),
        ("pay\u200bpal\ufeff\u2066", "pay\\u200bpal\\ufeff\\u2066"),
        ("a\u2028b\rc", "a\\u2028b\\rc"),
        ("half \ud83d", "half \\ud83d"),
        ("tag \U000e0041", "tag \\U000e0041"),
    ],
)
def test_what_nobody_sees_is_written_out(text: str, shown: str) -> None:
    assert told.visible(text) == shown
    assert told.visible(shown) == shown


def test_a_long_message_is_cut_with_a_mark() -> None:
    assert told.shortened("a" * 2000) == "a" * 2000
    assert told.shortened("a" * 100_000) == "a" * 2000 + "…"


def test_an_error_tells_the_line_of_the_caller_and_shows_no_frame() -> None:
    def cell() -> None:
        raise HailuoError("what to do")

    try:
        cell()
    except HailuoError as error:
        (line,) = error._render_traceback_()
    assert line == f"HailuoError (line {cell.__code__.co_firstlineno + 1}): what to do"


def test_every_public_error_is_one() -> None:
    import hailuo_nb as hn

    for name in hn.__all__:
        value = getattr(hn, name)
        if isinstance(value, type) and issubclass(value, Exception):
            assert issubclass(value, HailuoError), name
