from __future__ import annotations

from tests.engine.conftest import clip

__all__ = ["clip"]
