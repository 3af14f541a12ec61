from __future__ import annotations

from tests.unit.measured_clips import clip

__all__ = ["clip"]
