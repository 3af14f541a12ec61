"""What clips have to share to be compared in one thing: all else that was asked for."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from hailuo_nb.measure.axes import Grouped, value_of
from hailuo_nb.prompts.camera import moves_text, wording
from hailuo_nb.requests.identity import fingerprints

_NEUTRAL = {"prompt": "-", "model": "-", "resolution": "768P", "duration": 6}
"""What stands in a request for what is asked about; any value does."""

_STANDS_FOR: tuple[tuple[str, ...], ...] = (
    (),
    ("wording",),
    ("camera",),
    ("prompt",),
    ("model",),
    ("provider",),
    ("provider", "model"),
    ("prompt_optimizer",),
    ("resolution",),
    ("duration",),
    ("first_frame",),
    ("prompt", "first_frame"),
)
"""What a person's own column may stand for: the first under which any two of its items pair."""


def keys(clips: Sequence[Grouped], axis: str) -> list[Hashable]:
    """For each clip what it has to share with another to be compared with it by `axis`.

    A column of the person's own says nothing of what differs in the clips. Those are compared that
    agree in most: in the other columns too and in the whole request, else in all but its wording,
    its camera, its prompt, the model ...; takes are numbered within.
    """
    if not any(axis in clip.own_columns for clip in clips):
        return [_key(clip, (axis,), ()) for clip in clips]
    own = dict.fromkeys(name for clip in clips for name in clip.own_columns if name != axis)
    items = [value_of(clip, axis) for clip in clips]
    for others in (tuple(own), ()) if own else ((),):
        for free in _STANDS_FOR:
            found = [_key(clip, free, others) for clip in clips]
            if _pairs(items, found):
                return found
    return [_key(clip, ("prompt",), ()) for clip in clips]


def _pairs(items: Iterable[object], found: Sequence[Hashable]) -> bool:
    seen: dict[Hashable, object] = {}
    return any(
        seen.setdefault(key, item) != item
        for key, item in zip(found, items, strict=True)
        if item is not None
    )


def _key(clip: Grouped, free: Iterable[str], own: Iterable[str]) -> Hashable:
    """All but what is `free`, and the values of these own columns."""
    request, provider = clip.request, clip.provider
    for name in free:
        if name == "provider":
            provider = ""
        elif name in {"wording", "camera"}:
            kept = moves_text if name == "wording" else wording
            request = request.but(prompt=kept(clip.request.prompt) or "-")
        else:
            request = request.but(**{name: _NEUTRAL.get(name)})
    return (provider, fingerprints(request)[0], *(clip.own_columns.get(name) for name in own))
