"""What is sold, as the `catalog.json` of each provider has it: typed, checked and never changed."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

from hailuo_nb.catalog import request_limits
from hailuo_nb.catalog.option import Option, OptionState
from hailuo_nb.catalog.picture_limits import PictureLimits
from hailuo_nb.catalog.price_list import PriceList
from hailuo_nb.catalog.references import ReferenceLimits
from hailuo_nb.catalog.regeneration import Regeneration
from hailuo_nb.catalog.request_limits import RequestLimits
from hailuo_nb.catalog.sourced import Sourced
from hailuo_nb.catalog.typed_json import read
from hailuo_nb.errors import CatalogError
from hailuo_nb.requests.options import is_option_name
from hailuo_nb.requests.video_request import VideoRequest

Need = Literal["no", "optional", "required"]
Sound = Literal["no", "optional", "always"]
_MAX_SECONDS = 600  # of one clip, so that a range is a list of moderate length


@dataclass(frozen=True, slots=True)
class Camera(Sourced):
    """How camera moves are wanted: in brackets, in Chinese or English, or in prose."""

    dialect: Literal["zh", "en", "prose"]


@dataclass(frozen=True, slots=True)
class PromptLimit(Sourced):
    """How long a prompt may be, in code points. note  for people: whose limit it is"""

    limit: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class TaskFacts(Sourced):
    """What the provider does with tasks.

    list       it has a list of them, so that a clip can be looked for
    cancel     it can cancel one
    link_life  seconds for which a clip can be fetched, None where no page says so
    """

    list: bool
    cancel: bool
    link_life: float | None


@dataclass(frozen=True, slots=True)
class Advice(Sourced):
    """What the provider's own page says of a clip in a state, such as what it costs."""

    state: str
    text: str


@dataclass(frozen=True, slots=True)
class KeyNote(Sourced):
    """A note for people whose key begins with `prefix`; "" is every key."""

    prefix: str
    text: str


@dataclass(frozen=True, slots=True)
class FrameGrid:
    """The lengths that a model makes: `step * n + offset` frames at `fps` (H3: 17n + 5 at 24).

    It rounds up: MiniMax says 107 to 362 frames of 4 to 15 s (page on regeneration); 5 s were
    measured as 124.
    """

    step: int
    offset: int
    fps: float

    def frames(self, wanted: float) -> int:
        """The least of these lengths that is not below `wanted` seconds."""
        count = math.ceil((wanted * self.fps - self.offset) / self.step)
        return max(count, 0) * self.step + self.offset


@dataclass(frozen=True, slots=True)
class DurationRange:
    """Every `step` seconds from `minimum` to `maximum`. grid  the lengths that clips then have"""

    minimum: int
    maximum: int
    step: int = 1
    grid: FrameGrid | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.minimum <= self.maximum <= _MAX_SECONDS or self.step < 1:
            raise ValueError(f"a range of durations is within 1 to {_MAX_SECONDS} seconds")

    def seconds(self) -> range:
        """Every duration of it."""
        return range(self.minimum, self.maximum + 1, self.step)


@dataclass(frozen=True, slots=True)
class Cell:
    """One resolution and duration that a row sells.

    sent_as   the provider's spelling of the resolution: "768P", "768p", 720
    assumed   no page documents this cell
    note      what the user should know about it, or ""
    length    seconds that the clip really has, where the model makes certain lengths only
    frames    as many has it then
    """

    resolution: str
    duration: int
    sent_as: str | int
    assumed: bool = False
    note: str = ""
    length: float | None = None
    frames: int | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """The durations of one resolution, in whole seconds: a list, or a range. See `Cell`."""

    resolution: str
    durations: tuple[int, ...] | DurationRange
    sent_as: str | int
    assumed: bool = False
    note: str = ""

    def cells(self) -> tuple[Cell, ...]:
        """One for each duration."""
        span = self.durations
        if not isinstance(span, DurationRange):
            return tuple(self._cell(seconds) for seconds in span)
        if (grid := span.grid) is None:
            return tuple(self._cell(seconds) for seconds in span.seconds())
        made = ((seconds, grid.frames(seconds)) for seconds in span.seconds())
        return tuple(self._cell(seconds, frames / grid.fps, frames) for seconds, frames in made)

    def _cell(self, duration: int, length: float | None = None, frames: int | None = None) -> Cell:
        return Cell(
            self.resolution, duration, self.sent_as, self.assumed, self.note, length, frames
        )


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """A `catalog.json` but for its rows: what holds for all models of a provider, or for those
    whose rows say nothing else (`OF_A_ROW`).

    requests        for all models of an account that are not in `model_requests`
    model_requests  for the models that are counted apart from the others
    order           place among the providers, the lower the earlier
    """

    name: str
    title: str
    camera: Camera
    prompt: PromptLimit
    picture: PictureLimits
    requests: RequestLimits
    tasks: TaskFacts
    prices: PriceList
    advice: tuple[Advice, ...] = ()
    key_notes: tuple[KeyNote, ...] = ()
    model_requests: tuple[RequestLimits, ...] = ()
    order: int = 1000

    def requests_for(self, model: str) -> RequestLimits:
        """How many requests the provider is sent for a model."""
        apart = (one for one in self.model_requests if model in one.models)
        return next(apart, self.requests)


OF_A_ROW = ("camera", "prompt", "picture", "tasks")
"""Blocks that a row may have of its own, since a provider can sell models of two kinds."""


@dataclass(frozen=True, slots=True)
class Row(Sourced):
    """One model at one endpoint of a provider. A request is served by the row that fits it best
    (`fit`).

    model            MiniMax's own name
    endpoint         the provider's id of it: "minimax-hailuo-2.3-i2v", "MiniMax-Hailuo-02"
    text             a prompt alone is enough
    first_frame, last_frame   "no", "optional" or "required"
    last_frame_alone   a page says that it takes a last frame without a first one
    formats          resolutions and their durations
    camera, prompt, picture, tasks   those of the provider, where the row has none of its own
    references       what it takes of references; None where it takes none
    regeneration     what a finished clip of it can be made again as; None where that is not sold
    options          by name; what is not here, the provider has not
    default          the provider's default model
    ratios           the ratios that can be named; empty where none can
    default_ratio    what is sent for a prompt alone that names none, where one must be named
    sound            "no", "optional" or "always"
    """

    model: str
    endpoint: str
    text: bool
    first_frame: Need
    last_frame: Need
    formats: tuple[Format, ...]
    camera: Camera
    prompt: PromptLimit
    picture: PictureLimits
    tasks: TaskFacts
    facts: ProviderFacts = field(hash=False, repr=False)
    references: ReferenceLimits | None = None
    regeneration: Regeneration | None = None
    options: Mapping[str, Option] = field(default_factory=dict, hash=False)
    prompt_required: bool = True
    last_frame_alone: bool = False
    default: bool = False
    ratios: tuple[str, ...] = ()
    default_ratio: str = ""
    sound: Sound = "no"

    def serves(self, request: VideoRequest) -> tuple[bool, bool, bool]:
        """Whether it takes the request's first frame (or does without), its last frame, and its
        references."""
        return (
            _takes(self.first_frame, request.first_frame is not None),
            _takes(self.last_frame, request.last_frame is not None),
            self.references is not None if request.references else self.references is None,
        )

    def fit(self, request: VideoRequest) -> tuple[bool, ...]:
        """How well this row serves a request; the greatest is the best."""
        wanted = (request.resolution, request.duration)
        return (
            *self.serves(request),
            any((cell.resolution, cell.duration) == wanted for cell in self.cells),
            any(cell.resolution == request.resolution for cell in self.cells),
        )

    def option_state(self, name: str) -> OptionState:
        """What becomes of an option here; "none" where there is no such option."""
        found = self.options.get(name)
        return "none" if found is None else found.state

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every resolution and duration that is sold."""
        return _cells(self.formats)

    @property
    def provider(self) -> str:
        return self.facts.name

    @property
    def title(self) -> str:
        return self.facts.title


def _takes(rule: Need, given: bool) -> bool:
    return rule != "no" if given else rule != "required"


@cache
def _cells(formats: tuple[Format, ...]) -> tuple[Cell, ...]:
    return tuple(cell for one in formats for cell in one.cells())


@cache
def own() -> Mapping[str, tuple[Row, ...]]:
    """The rows of our own providers, in the order in which they are shown. Imports no adapter."""
    found = []
    for folder in resources.files("hailuo_nb").joinpath("providers").iterdir():
        file = folder.joinpath("catalog.json")
        if file.is_file():
            found.append(parse(json.loads(file.read_text(encoding="utf-8"))))
    found.sort(key=lambda rows: (rows[0].facts.order, rows[0].provider))
    return {rows[0].provider: rows for rows in found}


@cache
def rows() -> tuple[Row, ...]:
    """Every row that is sold: our providers, then installed ones."""
    from hailuo_nb.catalog.installed import installed

    found = [*own().values(), *(one.rows for one in installed().working.values())]
    return tuple(row for of_one in found for row in of_one)


def facts(provider: str) -> ProviderFacts | None:
    """What holds for all models of a provider; None for a name that is not in the catalogue."""
    return next((row.facts for row in rows() if row.provider == provider), None)


def parse(data: Any) -> tuple[Row, ...]:
    """The rows of one `catalog.json`. Raises CatalogError that names the place of what is wrong."""
    if not isinstance(data, dict) or not isinstance(data.get("rows"), list):
        raise CatalogError("rows must be a list")
    header = {name: value for name, value in data.items() if name != "rows"}
    about = read(ProviderFacts, header)
    shared = {name: header[name] for name in OF_A_ROW}
    found = tuple(
        read(
            Row, {**shared, **line} if isinstance(line, dict) else line, f"rows[{at}]", facts=about
        )
        for at, line in enumerate(data["rows"])
    )
    _check(about, found)
    return found


def _check(about: ProviderFacts, found: tuple[Row, ...]) -> None:
    """What no single field shows. Raises CatalogError."""
    if not found:
        raise CatalogError("rows is empty")
    if len({row.model for row in found if row.default}) != 1:
        raise CatalogError("one model must be the default, and one only")
    for at, row in enumerate(found):
        _check_row(row, f"rows[{at}]")
    for name, kinds in option_types(found).items():
        if len(kinds) > 1:
            raise CatalogError(f"the option {name} is {' here and '.join(sorted(kinds))} there")
    request_limits.check(about.requests, about.model_requests, {row.model for row in found})
    sold = {(row.model, cell.resolution, cell.duration) for row in found for cell in row.cells}
    for at, price in enumerate(about.prices.rows):
        if not any(price.covers(*cell) for cell in sold):
            raise CatalogError(f"prices.rows[{at}] is the price of something that is not sold")


def _check_row(row: Row, place: str) -> None:
    if row.text == ("required" in {row.first_frame, row.last_frame}):
        raise CatalogError(f"{place}: text says the contrary of the frames")
    if row.default_ratio and row.default_ratio not in row.ratios:
        raise CatalogError(f"{place}.default_ratio is none of its ratios")
    if not row.cells:
        raise CatalogError(f"{place}.formats sell nothing")
    for label in {cell.resolution for cell in row.cells}:
        if label != label.upper():
            raise CatalogError(
                f"{place}.formats: write {label.upper()} for {label}; sent_as has the provider's "
                "spelling"
            )
    pairs = Counter((cell.resolution, cell.duration) for cell in row.cells)
    if twice := [pair for pair, count in pairs.items() if count > 1]:
        raise CatalogError(f"{place}.formats has {twice[0][0]}, {twice[0][1]} s twice")
    for name in row.options:
        if not is_option_name(name):
            raise CatalogError(f"{place}.options.{name} is no name for an option")


def option_types(of: tuple[Row, ...]) -> dict[str, set[str]]:
    """The types under which these rows have each option: one, where all is well."""
    found: dict[str, set[str]] = {}
    for row in of:
        for name, option in row.options.items():
            found.setdefault(name, set()).add(option.type)
    return found
