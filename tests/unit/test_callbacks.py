"""Callbacks of the user: what one of them raises is shown, and the others are called."""

from __future__ import annotations

import sys
import threading

import pytest

from hailuo_nb.results.callbacks import Callbacks


def test_a_callback_that_ends_the_program_ends_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    heard = threading.Event()
    callbacks = Callbacks("on_saved")
    begin = threading.Event()
    callbacks.register(lambda _: begin.wait(10))  # both calls below are in the queue by then
    callbacks.register(sys.exit)
    callbacks.register(lambda _: heard.set())
    callbacks.call("enough")
    begin.set()
    assert heard.wait(3)
    assert capsys.readouterr().err.startswith("A callback of on_saved failed: SystemExit: enough")
