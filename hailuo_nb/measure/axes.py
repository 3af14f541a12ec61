"""What clips are summed up, ranked and compared by: a field, an option, a column of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from hailuo_nb import catalog
from hailuo_nb.errors import ArgumentError
from hailuo_nb.media.text import did_you_mean
from hailuo_nb.prompts.camera import moves_text, wording
from hailuo_nb.requests import arguments
from hailuo_nb.requests.own_columns import OwnColumns, OwnValue
from hailuo_nb.requests.video_request import VideoRequest

if TYPE_CHECKING:
    import pandas as pd

AXES = ("provider", "prompt", "wording", "camera", "model", "resolution", "duration", "ratio")
"""Fields of every clip. `wording` is the prompt without its camera moves, `camera` the moves."""

_SHORT = {"move": "camera", "optimizer": "prompt_optimizer"}
UNSET = "default"
"""The item of clips whose request leaves an option, or the ratio, to the provider."""


class Grouped(Protocol):
    """What can be counted for an item: a `Job`, or what is still to be one."""

    @property
    def provider(self) -> str: ...

    @property
    def request(self) -> VideoRequest: ...

    @property
    def own_columns(self) -> OwnColumns: ...


def axis_of(by: object, clips: Iterable[Grouped], *beside: str) -> str:
    """The name of what clips are grouped by. Raises ArgumentError, which names the nearest.

    beside  names that are known here too, as "id"
    """
    return axis_among(by, (name for clip in clips for name in clip.own_columns), *beside)


def axis_among(by: object, own_names: Iterable[str], *beside: str) -> str:
    """The same of clips with these own columns."""
    given = arguments.as_text("by", by)
    own = list(dict.fromkeys(own_names))
    if given in own:
        return given
    axis = _SHORT.get(given, given)
    fixed = (*AXES, *beside, *catalog.options())
    if axis in fixed:
        return axis
    yours = f", or columns of your own ({', '.join(own)})" if own else ""
    raise ArgumentError(
        f"clips are summed up, ranked and compared by {', '.join(fixed)}{yours}, not by "
        f"{arguments.describe(given)}{did_you_mean(given.lower(), (*fixed, *own))}"
    )


def value_of(clip: Grouped, axis: str) -> OwnValue | None:
    """What the clip has there; None where it has no such column. A column of the person's own goes
    before one of ours of that name, as `wording`."""
    if axis in clip.own_columns:
        return clip.own_columns[axis]
    if axis == "provider":
        return clip.provider
    if axis == "id":
        return getattr(clip, "id", None)  # of a job
    request = clip.request
    if axis == "camera":
        return moves_text(request.prompt)
    if axis == "wording":
        return wording(request.prompt)
    if axis in AXES or axis in catalog.options():
        value = request.get(axis)
        return UNSET if value is None else value
    return None


def item_of(clip: Grouped, axis: str) -> str | None:
    """The same as text, as an item is called."""
    value = value_of(clip, axis)
    return None if value is None else str(value)


def values_of(clips: Iterable[Grouped], axis: str) -> dict[str, OwnValue]:
    """What the clips have there, by what their items are called."""
    return {str(value): value for clip in clips if (value := value_of(clip, axis)) is not None}


def index_of(items: Iterable[str], clips: Iterable[Grouped], axis: str, name: str) -> pd.Index:
    """The items as the index of a table, with the values that the clips have: 1 and not "1"."""
    import pandas as pd

    values = values_of(clips, axis)
    return pd.Index([values.get(item, item) for item in items], name=name)


def columns_by(by: str, columns: Sequence[str]) -> list[str]:
    """The columns of a table, "item" named for what it is by, unless another one has that name:
    people call their own columns what they like."""
    taken = by in columns
    return [by if name == "item" and not taken else name for name in columns]
