"""Which model makes which clip at which provider: `check(request, provider)` -> problems.

A provider is always its plain name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hailuo_nb.catalog import camera_remarks, link_remarks, picture_limits, references
from hailuo_nb.catalog.names import canonical_model, lines, models, options, rows_of
from hailuo_nb.catalog.option import OptionState
from hailuo_nb.catalog.prompt_cut import cut
from hailuo_nb.catalog.regeneration import REGENERATE
from hailuo_nb.catalog.row_choice import cell_for, cell_of, cells_beside, row_for
from hailuo_nb.catalog.rows import Cell, Row
from hailuo_nb.media.text import SURROGATE
from hailuo_nb.requests.redaction import holds_long_key
from hailuo_nb.requests.video_request import VideoRequest

# Longer than any chain of steps that can be needed; a matrix that sends us in a circle must not
# hang us.
_MAX_STEPS = 8


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to know before sending.

    field      the field of the VideoRequest that it is about
    message    one sentence
    severity   "error": not sent; "warning": sent all the same
    code       a stable word for programs
    nearest    the nearest request that `check` accepts without an error, or None
    """

    field: str
    message: str
    severity: Literal["error", "warning"]
    code: str
    nearest: VideoRequest | None = None


def check(request: VideoRequest, provider: str) -> list[Problem]:
    """What stands against sending `request` to `provider`: errors first, then warnings.

    A request without an error may be sent. Raises UnknownNameError for a provider that is not in
    the matrix.
    """
    found = [*_errors(request, provider), *_warnings(request, provider)]
    return _with_nearest(found, provider)


def errors_of(request: VideoRequest, provider: str) -> list[Problem]:
    """The errors of `check` alone: [] where the request may be sent."""
    return _with_nearest(_errors(request, provider), provider)


def _with_nearest(problems: Iterable[Problem], provider: str) -> list[Problem]:
    return [replace(problem, nearest=_repair(problem.nearest, provider)) for problem in problems]


def _repair(request: VideoRequest | None, provider: str) -> VideoRequest | None:
    """The request that remains when every error is repaired, one after the other; None where that
    fails."""
    for _ in range(_MAX_STEPS):
        if request is None:
            return None
        first = next(_errors(request, provider), None)
        if first is None:
            return request
        request = first.nearest
    return None


# The functions below yield problems whose `nearest` is one step away: the request with that one
# thing repaired.


def _error(field: str, code: str, message: str, repaired: VideoRequest | None) -> Problem:
    return Problem(field, message, "error", code, repaired)


def _warning(field: str, code: str, message: str, repaired: VideoRequest | None) -> Problem:
    return Problem(field, message, "warning", code, repaired)


def _errors(request: VideoRequest, provider: str) -> Iterator[Problem]:
    if request.model not in models(provider):
        yield _model_error(request, provider)
    else:
        row = row_for(request, provider)
        yield from _frame_errors(request, row)
        yield from _picture_problems(request, row, "error")
        yield from _reference_errors(request, row)
        if cell_of(row, request) is None:
            yield _cell_error(request, row)
        yield from _shape_errors(request, row)
        yield from _option_errors(request, row)
    yield from _prompt_errors(request, row_for(request, provider))


def _model_error(request: VideoRequest, provider: str) -> Problem:
    sold = models(provider)
    title = rows_of(provider)[0].title
    known = canonical_model(str(request.model))
    if known in sold:
        repaired = request.but(model=known)
        return _error(
            "model", "model_spelling", f"{title} needs the model written {known!r}.", repaired
        )
    message = f"{title} does not sell {request.model}; it sells {_listed(sold)}."
    return _error("model", "model_not_sold", message, _with_best_model(request, provider, sold))


def _with_best_model(request: VideoRequest, provider: str, among: Sequence[str]) -> VideoRequest:
    """The request with that one of the models that leaves the fewest errors, the earlier at a
    tie."""
    candidates = [request.but(model=model) for model in among]
    return min(candidates, key=lambda candidate: sum(1 for _ in _errors(candidate, provider)))


def _frame_errors(request: VideoRequest, row: Row) -> Iterator[Problem]:
    title, model = row.title, row.model
    if request.first_frame is None and row.first_frame == "required":
        without = [other.model for other in rows_of(row.provider) if other.text]
        plain = model.removesuffix("-Fast")
        without.sort(key=lambda name: name != plain)
        repaired = request.but(model=without[0]) if without else None
        hint = f"; {without[0]} does without" if without else ""
        yield _error(
            "first_frame",
            "first_frame_missing",
            f"{title}'s {model} needs a first frame{hint}.",
            repaired,
        )
    if request.first_frame is not None and row.first_frame == "no":
        message = f"{title}'s {model} takes no first frame."
        yield _error("first_frame", "first_frame_not_taken", message, request.but(first_frame=None))
    if request.last_frame is None and row.last_frame == "required":
        # No picture of ours can stand in for the missing one.
        yield _error(
            "last_frame", "last_frame_missing", f"{title}'s {model} needs a last frame.", None
        )
    if request.last_frame is not None and row.last_frame == "no":
        takers = list(dict.fromkeys(r.model for r in rows_of(row.provider) if r.last_frame != "no"))
        repaired = request.but(last_frame=None)
        if model in takers:  # at another endpoint
            message = f"{title}'s {model} takes a last frame beside a first one only."
        elif takers:
            repaired = request.but(model=takers[0])
            message = f"{title}'s {model} takes no last frame; only its {_listed(takers)} does."
        else:
            message = f"{title}'s {model} takes no last frame, and no other model there does."
        yield _error("last_frame", "last_frame_not_taken", message, repaired)


def _picture_problems(
    request: VideoRequest, row: Row, severity: Literal["error", "warning"]
) -> Iterator[Problem]:
    for excess in picture_limits.beyond(request, row.picture, row.title):
        if (severity == "warning") == excess.soft and getattr(row, excess.field) != "no":
            yield Problem(excess.field, excess.message, severity, excess.code, excess.repaired)


def _reference_errors(request: VideoRequest, row: Row) -> Iterator[Problem]:
    if request.references and row.references is None:
        takers = list(dict.fromkeys(r.model for r in rows_of(row.provider) if r.references))
        if row.model in takers:  # at an endpoint without frames
            code, repaired = "references_with_frames", request.but(references=())
            message = f"{row.title} takes either references or a first and last frame, not both."
        else:
            code = "references_not_taken"
            repaired = request.but(model=takers[0]) if takers else request.but(references=())
            hint = f"; its {_listed(takers)} does" if takers else ""
            message = f"{row.title}'s {row.model} takes no references{hint}."
        yield _error("references", code, message, repaired)
    elif row.references is not None:
        for excess in references.beyond(request, row.references, row.title, row.picture.max_body):
            yield _error("references", excess.code, excess.message, excess.repaired)


def _cell_error(request: VideoRequest, row: Row) -> Problem:
    """The resolution is kept before the duration: it decides what the clip looks like."""
    cells = cells_beside(request, row)
    at_resolution = [cell for cell in cells if cell.resolution == request.resolution]
    sold = list(dict.fromkeys(cell.resolution for cell in cells))
    if not at_resolution:
        resolution = min(sold, key=lambda word: abs(lines(word) - lines(request.resolution)))
        near = [cell for cell in cells if cell.resolution == resolution]
        repaired = request.but(resolution=resolution, duration=_nearest_duration(request, near))
        message = f"{row.title} sells {row.model} at {_listed(sold)}, not at {request.resolution}."
        return _error("resolution", "resolution_not_sold", message, repaired)
    repaired = request.but(duration=_nearest_duration(request, at_resolution))
    times = _times([cell.duration for cell in at_resolution])
    elsewhere = [cell.resolution for cell in cells if cell.duration == request.duration]
    message = (
        f"{row.title} sells {row.model} at {request.resolution} for {times}, not for "
        f"{request.duration} s"
    )
    if elsewhere:
        message = f"{message}; {request.duration} s is sold at {_listed(elsewhere)}"
    code = "pair_not_sold" if elsewhere else "duration_not_sold"
    return _error("duration", code, message + ".", repaired)


def _times(durations: Sequence[int]) -> str:
    """`6 s and 10 s`; `4 s to 15 s` for a range."""
    low, high = min(durations), max(durations)
    if len(durations) > 3 and set(durations) == set(range(low, high + 1)):
        return f"{low} s to {high} s"
    return _listed([f"{seconds} s" for seconds in durations])


def _shape_errors(request: VideoRequest, row: Row) -> Iterator[Problem]:
    """A ratio or sound that the row does not sell; a clip made again at what it is not made at."""
    title, model = row.title, row.model
    made_again = row.regeneration if REGENERATE in request.options else None
    if made_again is not None and request.resolution != made_again.to:
        message = f"{title} makes a clip of {model} again at {made_again.to}."
        repaired = request.but(resolution=made_again.to)
        yield _error("resolution", "regeneration_resolution", message, repaired)
    if request.ratio is not None and request.ratio not in row.ratios:
        sold = f"takes the ratios {_listed(row.ratios)}" if row.ratios else "takes no ratio"
        message = f"{title}'s {model} {sold}, and this one is {request.ratio}."
        yield _error("ratio", "ratio_not_sold", message, request.but(ratio=None))
    if request.sound is not None and request.sound != (row.sound == "always"):
        if row.sound == "no":
            message = f"{title}'s {model} makes no sound."
            yield _error("sound", "sound_not_sold", message, request.but(sound=None))
        elif row.sound == "always":
            message = f"{title}'s {model} makes every clip with sound."
            yield _error("sound", "sound_always", message, request.but(sound=None))


def _option_errors(request: VideoRequest, row: Row) -> Iterator[Problem]:
    """A value that the provider does not take, or an option that means another clip without it."""
    known = options()
    for name, value in request.options.items():
        option = row.options.get(name)
        if option is None and name in known and known[name].essential:
            message = f"{row.title}'s {row.model} has no {name}: it would make a new clip instead."
            yield _error(name, "option_essential", message, request.but(**{name: None}))
        if value is None or option is None or option.takes(value):
            continue
        message = f"{row.title}'s {row.model} takes {option.taken} as its {name}, not {value!r}."
        repaired = request.but(**{name: option.nearest(value)})
        yield _error(name, "option_value", message, repaired)


def _nearest_duration(request: VideoRequest, cells: Sequence[Cell]) -> int:
    """The sold duration that is nearest to the wanted one, the shorter at a tie: it costs less."""
    try:
        wanted = float(request.duration)
    except (TypeError, ValueError, OverflowError):
        wanted = 6.0
    return min(
        (cell.duration for cell in cells), key=lambda seconds: (abs(seconds - wanted), seconds)
    )


def _prompt_errors(request: VideoRequest, row: Row) -> Iterator[Problem]:
    prompt = request.prompt
    if row.prompt_required and not prompt.strip():
        yield _error(
            "prompt", "prompt_missing", f"{row.title} needs a prompt, and this one is empty.", None
        )
        return
    if holds_long_key(prompt):
        message = (
            "The prompt holds one of your keys, which would be sent, stored and shown: take it out."
        )
        yield _error("prompt", "prompt_holds_key", message, None)
    if SURROGATE.search(prompt):
        whole = SURROGATE.sub("", prompt)
        message = (
            "The prompt holds half a character (a lone surrogate); it cannot be sent to "
            f"{row.title}."
        )
        yield _error("prompt", "prompt_not_text", message, request.but(prompt=whole))
    if len(prompt) > row.prompt.limit:
        note = f" ({row.prompt.note})" if row.prompt.note else ""
        message = (
            f"The prompt has {len(prompt):,} characters; {row.title} takes "
            f"{row.prompt.limit:,} at most"
        )
        shorter = request.but(prompt=cut(prompt, row.prompt.limit))
        yield _error("prompt", "prompt_too_long", f"{message}{note}.", shorter)


def _warnings(request: VideoRequest, provider: str) -> Iterator[Problem]:
    """What is sent all the same."""
    row = row_for(request, provider)
    is_alone = request.last_frame is not None and request.first_frame is None
    if is_alone and row.last_frame != "no" and not row.last_frame_alone:
        message = (
            f"{row.title}'s page does not say that {row.model} takes a last frame without a first."
        )
        yield _warning("last_frame", "last_without_first", message, request.but(last_frame=None))
    yield from _picture_problems(request, row, "warning")
    if request.references and row.references and (names := references.missing(request)):
        message = f"The prompt names {_listed(names)}, and there is no such reference."
        yield _warning("prompt", "reference_missing", message, None)
    for field, host in link_remarks.closed(request):
        message = (
            f"{row.title} cannot open a link to {host}, which is of this network: give the file "
            "itself, and it is sent."
        )
        yield _warning(field, "link_closed", message, None)
    for name in _options_set(request):
        state = row.option_state(name)
        if state == "none" and name in options() and options()[name].essential:
            continue  # an error, see there
        if said := _OPTION_WARNINGS[state]:
            message = said.format(title=row.title, model=row.model, name=name)
            yield _warning(name, f"option_{state}", message, request.but(**{name: None}))
    cell = cell_for(request, provider)
    if cell is not None and cell.assumed:
        message = (
            f"No page of {row.title} names {cell.resolution} for {cell.duration} s: it is assumed."
        )
        yield _warning("duration", "assumed", message, None)
    if cell is not None and lines(str(cell.sent_as)) != lines(cell.resolution):
        message = cell.note or f"{row.title} sells {cell.sent_as} for {cell.resolution}."
        yield _warning("resolution", "sold_as", message, None)
    prompt = cut(request.prompt, row.prompt.limit)  # what is behind it has to go anyway
    for remark in camera_remarks.remarks(request, row, prompt):
        yield _warning(remark.field, remark.code, remark.message, remark.repaired)


_OPTION_WARNINGS: Mapping[OptionState, str] = {
    "works": "",
    "ignored": "{title} takes a {name} option for {model}, and its page says that it has no "
    "effect there.",
    "undocumented": "No page of {title} names a {name} option for {model}; it may have no effect.",
    "none": "{title} has no {name} option for {model}, so it is not sent.",
}


def _options_set(request: VideoRequest) -> list[str]:
    """The options that ask for something other than what happens without them anyway."""
    known = options()
    return [
        name
        for name, value in request.options.items()
        if name not in known or value is not known[name].absent
    ]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
