"""What a client sends beside what our adapter sends for the same clip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hailuo_nb.providers import registry
from hailuo_nb.providers.base import Call
from tests.peers.scenes import Scene
from tests.peers.wire import Exchange


def compare(scene: Scene, seen: Sequence[Exchange]) -> str:
    """ "the same", or which fields differ and why, where the scene says so."""
    if scene.request is None:
        return scene.differs
    theirs = next((one for one in seen if one.method == "POST" and _is_submit(one)), None)
    if theirs is None:
        return "no submit was seen"
    ours = charging_call(scene)
    path = theirs.path.partition("?")[0]
    found = [] if path == ours.url else [f"path {path}, ours {ours.url}"]
    found += differences(theirs.body, ours.json)
    if not found:
        return "the same body at the same path"
    return "; ".join(found) + (f" ({scene.differs})" if scene.differs else "")


def charging_call(scene: Scene) -> Call:
    """The call with which our adapter would submit the clip; nothing is sent."""
    provider = registry.get(scene.provider)
    assert scene.request is not None
    return next(provider.submit(scene.request))


def _is_submit(one: Exchange) -> bool:
    return isinstance(one.body, dict) and "secret_key" not in one.body


def differences(theirs: Any, ours: Any, at: str = "") -> list[str]:
    """Each place where two bodies differ, as `name: theirs / ours`."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        names = [*theirs, *(name for name in ours if name not in theirs)]
        return [
            line
            for name in names
            for line in differences(theirs.get(name), ours.get(name), f"{at}.{name}".strip("."))
        ]
    if theirs == ours and type(theirs) is type(ours):
        return []
    return [f"{at}: {_short(theirs)}, ours {_short(ours)}"]


def _short(value: Any) -> str:
    return "none" if value is None else repr(value)[:60].replace("|", "/")
