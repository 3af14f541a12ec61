from __future__ import annotations

from tests.video.measured_clips import clip

__all__ = ["clip"]
