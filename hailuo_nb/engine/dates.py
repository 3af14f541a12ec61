"""Moments in UTC, for people."""

from __future__ import annotations

from datetime import UTC, datetime


def utc(moment: float | None, *, seconds: bool = False) -> str:
    """Unix seconds as "2026-11-28 10:15 UTC"; "" for None, and for a provider's number that is no
    date."""
    if moment is None:
        return ""
    try:
        date = datetime.fromtimestamp(moment, UTC)
    except (OverflowError, ValueError, OSError):
        return ""
    return f"{date:%Y-%m-%d %H:%M:%S} UTC" if seconds else f"{date:%Y-%m-%d %H:%M} UTC"
