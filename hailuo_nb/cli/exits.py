"""The exit codes of the command line."""

from __future__ import annotations

OK = 0
CHECKS = 1
"""A check fell short."""
REFUSED = 2
"""Wrong usage or input: refused before anything was sent."""
CLIPS = 3
"""Clips were refused, failed, were lost, or are not over, and no check says how many may; every
check holds."""
FILES = 4
"""The clips are there, and a file that was asked for could not be written."""
INTERRUPTED = 130
"""Ctrl-C or SIGTERM: the waiting stopped, the clips go on (`resume`)."""

HELP = """\b
Exit codes:
  0    every clip is there and every check holds; a clip that a check of
       failed, unknown, made or made_share allows to be missing does not count
  1    a check fell short
  2    wrong usage or input: nothing was sent
  3    clips were refused, failed, were lost, or are not over
  4    a file could not be written; the clips are there
  130  Ctrl-C or SIGTERM: the clips go on, `resume` waits for them again
"""
