"""Names and words as people write them: providers, models, resolutions, durations, options.

What is known is what the catalogue sells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from hailuo_nb.catalog.installed import installed
from hailuo_nb.catalog.option import Option
from hailuo_nb.catalog.rows import Row, rows
from hailuo_nb.errors import ArgumentError, UnknownNameError, UnknownOptionError
from hailuo_nb.requests import arguments
from hailuo_nb.requests.arguments import unknown_name
from hailuo_nb.requests.options import OptionValue
from hailuo_nb.requests.provider_ref import ProviderRef

_FREE = re.compile(r"^sim[a-z]*(?:\s*[:：/\-]|\s|$)\s*")  # how a stand-in is meant
_RESOLUTIONS = ("512P", "720P", "768P", "1080P")  # MiniMax's words, whether anybody sells them
_SIZE = re.compile(r"(\d{2,5})[X×*:](\d{2,5})P?")
_MAX_LINES = 10_000
_MAX_SECONDS = 3600

# Providers and models -----------------------------------------------------------------------------


@cache
def providers() -> tuple[str, ...]:
    """The plain names of the providers."""
    return tuple(dict.fromkeys(row.provider for row in rows()))


@cache
def rows_of(provider: str) -> tuple[Row, ...]:
    """The rows of one provider. Raises UnknownNameError."""
    found = tuple(row for row in rows() if row.provider == provider)
    if not found:
        raise unknown_provider(str(provider))
    return found


def unknown_provider(name: str) -> UnknownNameError:
    """The error for a name that no provider and no stand-in has. Who meant a free stand-in is
    offered no paid name."""
    plain = _FREE.sub("", name.strip().lower())
    if plain == "all":
        return UnknownNameError(
            f"{arguments.describe(name)} is no provider: it stands for every one, and is given "
            "alone, as provider='all' of hn.compare"
        )
    free = ":" in name or plain != name.strip().lower()
    titles = {word: row.provider for row in rows() for word in row.title.lower().split()[:1]}
    spellings = {**titles, **{one: one for one in providers()}}
    refs = {spelt: ProviderRef(one, free).name for spelt, one in spellings.items()}
    known = [ProviderRef(one, free).name for one in providers()]
    error = unknown_name("provider", name, known, refs, near=plain)
    broken = installed().broken.get(ProviderRef.parse(name).provider.lower())
    return error if broken is None else UnknownNameError(f"{error} {broken}")


def models(provider: str) -> tuple[str, ...]:
    """MiniMax's names of the models sold there, the default first. Raises UnknownNameError."""
    by_default = sorted(rows_of(provider), key=lambda row: not row.default)
    return tuple(dict.fromkeys(row.model for row in by_default))


def default_model(provider: str) -> str:
    """The model that a request without one gets. Raises UnknownNameError."""
    return models(provider)[0]


def resolve_model(provider: str, name: str | None, *, elsewhere: bool = False) -> str:
    """MiniMax's name of a model sold at `provider`; None gives its default.

    Any case will do, with or without "MiniMax-" and "Hailuo-", with spaces for hyphens, and so will
    the provider's own endpoint id.

    elsewhere  a model that only other providers sell will do too: `check` says so then

    Raises UnknownNameError.
    """
    if name is None:
        return default_model(provider)
    sold = models(provider)
    spellings = {fold(row.endpoint): row.model for row in rows_of(provider)}
    spellings |= {fold(model): model for model in sold}
    found = spellings.get(fold(name)) or (canonical_model(name) if elsewhere else None)
    if found is None:
        longer = {
            f"{prefix}{short}": model for short, model in spellings.items() for prefix in _PREFIXES
        }
        title = rows_of(provider)[0].title
        near = _MODES.sub("", fold(name)) or fold(name)
        raise unknown_name(f"model that {title} sells", name, sold, longer, near=near)
    return found


def canonical_model(name: str) -> str | None:
    """MiniMax's name of a model that anybody sells; None if nobody does."""
    wanted = fold(name)
    return next((row.model for row in rows() if fold(row.model) == wanted), None)


def require_known_model(name: str) -> None:
    """Raises UnknownNameError for a model that no provider sells, by whatever name."""
    for provider in providers():
        try:
            resolve_model(provider, name)
        except UnknownNameError:
            continue
        return
    every = tuple(dict.fromkeys(row.model for row in rows()))
    raise unknown_name("model", name, every, {fold(model): model for model in every})


_PREFIXES = ("", "hailuo-", "minimax-hailuo-")
# What sellers write behind a model's name: a resolution, and whether it takes a picture.
_MODES = re.compile(r"(?:-(?:standard|pro|\d{3,4}-p|(?:t|i|text|image)-?(?:2|to)-?(?:v|video)))+$")


@lru_cache(maxsize=1024)
def fold(name: str) -> str:
    """What tells one model from another: "Hailuo 3", "ＭｉｎｉＭａｘ-H3" and 海螺3 are one."""
    spelt = unicodedata.normalize("NFKC", name).lower().replace("海螺", "hailuo ")
    spelt = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])|[_/\-‐-―−\s]+", " ", spelt)
    spelt = re.sub(r"(?<![\d.])(\d)[ ,](\d)(?![\d.])", r"\1.\2", spelt)
    words = "-".join(spelt.split()).removeprefix("minimax-").removeprefix("hailuo-")
    return re.sub(r"^h-(?=\d)", "", words)


# Resolutions and durations ------------------------------------------------------------------------


@cache
def resolutions() -> tuple[str, ...]:
    """Every label of a resolution that is known, small ones first."""
    sold = [cell.resolution for row in rows() for cell in row.cells]
    return tuple(dict.fromkeys([*_RESOLUTIONS, *sold]))


def parse_resolution(value: Any, name: str = "resolution") -> str:
    """`"768p"`, `768`, `"1080P"`, `"2k"` -> the label of the catalogue. Raises ArgumentError for
    anything else."""
    given = arguments.unwrap_scalar(value)
    if not isinstance(given, str):
        try:
            given = str(arguments.as_int(name, given, 1, _MAX_LINES))
        except ArgumentError:  # whose words are of numbers
            given = ""
    wanted = re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", given)).upper()
    labels = {label.upper(): label for label in resolutions()}
    found = labels.get(wanted) or labels.get(f"{wanted}P")
    if found is None:
        sides = _SIZE.fullmatch(wanted)
        near = labels.get(f"{min(map(int, sides.groups()))}P") if sides else None
        hint = f"; did you mean {near!r}?" if near else ""
        raise ArgumentError(
            f"{name} {arguments.describe(value)} is not one of {', '.join(resolutions())}{hint}"
        )
    return found


def lines(resolution: str) -> int:
    """The lines of a picture of this resolution, by which they are ordered; 768 for no such."""
    digits = "".join(char for char in str(resolution) if char in "0123456789")
    thousands = str(resolution).strip().upper().endswith("K")  # "2K" is 1440 lines
    return int(digits[:6]) * (720 if thousands else 1) if digits else 768


def parse_duration(value: Any, name: str = "duration") -> int:
    """Whole seconds from 6, 6.0, a NumPy number. Raises ArgumentError."""
    return arguments.as_int(name, value, 1, _MAX_SECONDS)


# Options ------------------------------------------------------------------------------------------


@cache
def options() -> Mapping[str, Option]:
    """Every option that anybody has, by its name, with what any row takes of it."""
    found: dict[str, Option] = {}
    for row in rows():
        for name, option in row.options.items():
            found[name] = found[name].joined(option) if name in found else option
    return found


_ARGUMENTS = frozenset(
    {
        "provider",
        "providers",
        "takes",
        "skip_invalid",
        "max_cost",
        "max_clips",
        "last_frame",
        "references",
    }
)
"""Of `hn.compare`; some calls have not all of them."""

MEANT = MappingProxyType(
    {
        word: name
        for name, words in {
            "prompt": "text prompt_text",
            "model": "model_name model_id",
            "take": "takes samples n n_samples num_samples num_videos number_of_videos",
            "duration": "seconds secs duration_s video_length video_duration clip_length",
            "resolution": "size res video_resolution video_size",
            "first_frame": "image image_url init_image input_image first_image first_image_url "
            "first_frame_image first_frame_url start_frame start_image start_image_url",
            "last_frame": "last_image last_image_url last_frame_image last_frame_url end_frame "
            "end_image end_image_url image_tail tail_image",
            "references": "reference reference_image reference_images ref_image ref_images refs "
            "subject_reference subject_reference_image_url ref_img_url",
            "ratio": "aspect aspect_ratio video_ratio",
            "sound": "audio with_audio generate_audio enable_audio",
            "prompt_optimizer": "optimizer prompt_extend expand_prompt enhance_prompt "
            "prompt_expansion enable_prompt_expansion",
            "watermark": "aigc_watermark add_watermark",
        }.items()
        for word in words.split()
    }
)
"""Other people's words for what a clip is asked for by: not read, but known."""

SHAPE = ("ratio", "sound")
"""Fields of a request that are named as options are."""


@cache
def settings() -> Mapping[str, Option]:
    """`SHAPE` as options with what anybody takes, and every option."""
    ratios = tuple(dict.fromkeys(ratio for row in rows() for ratio in row.ratios))
    shape = {"ratio": Option("text", "ratio", values=ratios), "sound": Option("bool", "sound")}
    return {**shape, **options()}


def parse_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Options, and `SHAPE`, as people pass them, each by its type; None if not set.

    Raises ArgumentError, also for a name that is none.
    """
    check_options(given)
    return {name: parse_option(name, value) for name, value in given.items()}


def check_options(names: Iterable[str]) -> None:
    """Raises UnknownOptionError for a name that is no option of any provider."""
    known = [*options(), *SHAPE]
    for name in names:
        if name not in known:
            meant, belongs = MEANT.get(name.lower(), ""), _elsewhere(name)
            meant = "takes" if meant == "take" else meant
            spellings = {name.lower(): meant} if meant else {one: one for one in known}
            error = unknown_name("option of a clip", name, known, {} if belongs else spellings)
            raise UnknownOptionError(f"{error}{belongs}")


def _elsewhere(name: str) -> str:
    """Where it belongs what is no option."""
    if name in {"api_key", "app_id", "secret_key", "base_url"}:
        return " Keys and addresses go into hn.provider(...), which is given as provider."
    if name == "camera":
        return " Camera moves stand in the prompt, and hn.plan(camera=...) writes them."
    if name in _ARGUMENTS:
        return f" {name} is an argument of hn.compare, not of this call."
    return ""


_SIDES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:[:x×*/\-]|by|to|比)\s*(\d+(?:\.\d+)?)|(\d+\.\d+)")
_SAME_RATIO = 0.005  # by which two spellings of one ratio differ: 1.78 and 16:9


def _parse_ratio(shown: str, value: Any) -> str | None:
    """ "16:9" of "16x9", "16 / 9", (16, 9), 1.78 and "1920x1080"; a text that is no known ratio as
    it is, for `check` to refuse. Raises ArgumentError."""
    given = arguments.unwrap_scalar(value)
    if arguments.is_missing(given):
        return None
    if isinstance(given, tuple | list) and len(given) == 2:
        given = f"{given[0]}:{given[1]}"
    if isinstance(given, int | float) and not isinstance(given, bool):
        given = f"{given}:1"
    text = arguments.as_text(shown, given, 40).strip()
    if found := _SIDES.fullmatch(unicodedata.normalize("NFKC", text).lower()):
        wide, high = float(found[1] or found[3]), float(found[2] or 1)
        for ratio in settings()["ratio"].values:
            sides = [float(side) for side in str(ratio).split(":")]
            if len(sides) == 2 and abs(wide * sides[1] / (high * sides[0] or 1) - 1) < _SAME_RATIO:
                return str(ratio)
    return text or None


def parse_option(name: str, value: Any, shown: str = "") -> OptionValue | None:
    """One of them. shown  its name in messages. Raises ArgumentError."""
    shown = shown or name
    if name == "sound":
        return arguments.as_bool(shown, value)
    if name == "ratio":
        return _parse_ratio(shown, value)
    return options()[name].parse(shown, value)
