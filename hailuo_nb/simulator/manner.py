"""How carefully each provider's stand-in follows the camera moves, so that comparing them finds
something.

Invented: it says nothing about the real providers. Must not know scenes, pixels or APIs.
"""

from __future__ import annotations

from hailuo_nb.simulator.camera_path import AS_ASKED, Manner

_MANNERS = {
    "ppinfra": Manner(overshoot=0.25),
    "modelverse": AS_ASKED,
    "chanjing": Manner(together=2),
    "xcompute": Manner(pace=0.55),
}


def manner_of(provider: str) -> Manner:
    """As asked for a provider that has no manner of its own."""
    return _MANNERS.get(provider, AS_ASKED)
