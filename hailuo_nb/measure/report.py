"""What is shown of a measurement: columns for tables, a share with its interval, and a plot as
inline SVG.

Pure text and numbers; must not know widgets or pandas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from math import sqrt
from typing import Any

from hailuo_nb.measure.verdicts import Adherence
from hailuo_nb.measure.windows import Measurement, Window
from hailuo_nb.prompts.camera import Move, move, parse

Value = float | str | None

COLUMNS: dict[str, str] = {
    "adherence": (
        "0 to 1, None where no move was judged: mean of the judged moves, less extras. Not the "
        "clip's "
        "quality; nothing without moves_judged beside it"
    ),
    "moves_judged": "count, 0 and up: requested moves with a verdict on their direction. Tracking "
    "never is",
    "moves_requested": "count, 0 and up: moves in the prompt's brackets",
    "directions_right": (
        "count, at most moves_judged: moves that went the way that was asked for. Truck or pan is "
        "not asked"
    ),
    "kinds_told": (
        "count: requested moves whose kind (truck or pan, pedestal or tilt, push or zoom) the "
        "picture tells. "
        "A picture without depth tells none, which is no fault of the clip"
    ),
    "kinds_right": "count, at most kinds_told: moves of the kind that was asked for. Not for "
    "ranking",
    "extra_moves": (
        "English names, empty if none: moves that nobody asked for. A model may have had its "
        "reasons"
    ),
    "fit": (
        "0 to 1, mean over the clip: share of the picture that one rigid scene and one camera "
        "explain. "
        "Walking people and water lower it; not the clip's quality"
    ),
    "measured_size": "pixels, width x height, as the file says; not what was asked for, nor how "
    "sharp it is",
    "measured_fps": "pictures a second, mean over the file; equal pictures in a row count too",
    "measured_frames": (
        "count of pictures that could be decoded; fewer than asked for need not mean less motion"
    ),
    "measured_duration": "seconds from the first picture to the end of the last",
    "codec": "FFmpeg's name of the video codec, from the file; says nothing of quality",
    "audio": "'yes' or 'no', from the file: a sound track, which may be silent",
    "motion": (
        "picture widths a second, 0 and up: median speed of corners, camera and things together. "
        "Much is "
        "not good, little is not bad"
    ),
    "flicker": (
        "grey levels of 255, 0 and up: mean |second difference| of the brightness. A lamp that "
        "blinks on "
        "purpose counts; flicker of a small place does not"
    ),
    "sharpness": (
        "grey levels, 0 and up: deviation of the Laplacian at 480 pixels. Depends on the motif: "
        "compare "
        "clips of one prompt only"
    ),
    "sharpness_drop": (
        "0 to 1: how far the least sharp tenth lies below the median. A focus that moves on "
        "purpose counts"
    ),
    "freeze": (
        "seconds of the longest run of pictures that differ by less than 0.15 grey levels. A "
        "static shot "
        "of a still motif is one"
    ),
    "black_frames": "count of pictures with a mean brightness below 17 of 255. A night scene may "
    "count",
    "cuts": "count of jumps from one picture to another; dissolves are not found",
    "loop_seam": (
        "SSIM of the first and the last picture, -1 to 1: 1 loops without a seam. A static clip "
        "has about 1"
    ),
    "first_frame_ssim": (
        "SSIM of the first picture to the frame that was sent, aligned, -1 to 1; None where none "
        "was sent. "
        "Below 0.9 another crop is as likely as another picture"
    ),
    "measure_notes": "words, empty if nothing: what could not be measured, and why",
}
"""The columns that `columns` gives: unit, range, and what each does not mean.

Source of all: the decoded pictures (grey, 480 pixels on the longer side) and the MP4's header,
measured on this machine; `adherence` to `extra_moves` also the prompt that was sent. How well:
tests/benchmarks/ADHERENCE.md.
"""


def columns(result: Measurement, verdict: Adherence | None = None) -> dict[str, Value]:
    """The columns of one clip, keys as in `COLUMNS`. Without a verdict those of the adherence are
    None."""
    facts = result.facts
    told = [window for window in result.windows if window.evidence]
    extras = [move(key).english for step in verdict.steps for key in step.extras] if verdict else []
    return {
        "adherence": verdict.score if verdict else None,
        "moves_judged": verdict.judged if verdict else None,
        "moves_requested": verdict.requested if verdict else None,
        "directions_right": verdict.directions_right if verdict else None,
        "kinds_told": sum(one.kind != "can't tell" for one in verdict.moves) if verdict else None,
        "kinds_right": sum(one.kind == "right" for one in verdict.moves) if verdict else None,
        "extra_moves": ", ".join(dict.fromkeys(extras)) if verdict else None,
        "fit": sum(window.fit for window in told) / len(told) if told else None,
        "measured_size": f"{facts.width}x{facts.height}",
        "measured_fps": facts.fps,
        "measured_frames": facts.frames,
        "measured_duration": facts.duration,
        "codec": facts.codec,
        "audio": "yes" if facts.audio else "no",
        "motion": facts.motion,
        "flicker": facts.flicker,
        "sharpness": facts.sharpness,
        "sharpness_drop": facts.sharpness_drop,
        "freeze": facts.freeze,
        "black_frames": facts.black,
        "cuts": len(facts.cuts),
        "loop_seam": facts.loop_seam,
        "first_frame_ssim": facts.first_frame,
        "measure_notes": "; ".join(result.notes),
    }


def direction_share(verdicts: Iterable[Adherence]) -> tuple[float | None, int, float, float]:
    """(share of judged moves whose direction is right, how many were judged, low, high): Wilson's
    interval, 95 %.

    For ranking providers: never show the share without the count. (None, 0, 0.0, 1.0) where nothing
    was judged.
    """
    held = list(verdicts)
    count = sum(verdict.judged for verdict in held)
    if not count:
        return None, 0, 0.0, 1.0
    share = sum(verdict.directions_right for verdict in held) / count
    z2 = 1.96**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = sqrt(share * (1 - share) / count * z2 + (z2 / (2 * count)) ** 2) / (1 + z2 / count)
    return share, count, max(0.0, middle - half), min(1.0, middle + half)


_ROWS = (("left-right", "pan"), ("down-up", "tilt"), ("out-in", "zoom"), ("shake", "shake"))
_ROW, _LEFT, _TOP = 26, 62, 20
_MARK = {"right": "✓", "opposite": "↔", "missing": "✗", "can't tell": "?", "not judged": "–"}
_COLOUR = {"right": "#1a7f37", "opposite": "#b3261e", "missing": "#b3261e"}


WORDS = {
    word: word
    for word in (
        "asked for",
        "found",
        "extra",
        "cut",
        "left-right",
        "down-up",
        "out-in",
        "shake",
        "right",
        "opposite",
        "missing",
        "can't tell",
        "not judged",
    )
} | {"title": "Camera motion: requested and measured"}
"""What `plot` writes, for a translation of it."""


def plot(
    prompt: str,
    result: Measurement,
    verdict: Adherence | None = None,
    *,
    width: int = 480,
    words: Mapping[str, str] | None = None,
) -> str:
    """An inline SVG: over time the requested brackets (equal shares), the brackets as found, and
    the measured rates.

    words   other words for `WORDS`, and "language": "zh" for the moves' Chinese names
    Colours are the page's own text colour, so that it shows on light and dark; everything written
    is escaped.
    """
    told = {**WORDS, **(words or {})}
    seconds = result.facts.duration or 1.0
    height = _TOP * 2 + _ROW * len(_ROWS) + 18

    def x(t: float) -> float:
        return _LEFT + (width - _LEFT - 6) * min(1.0, max(0.0, t / seconds))

    parts = [_requested(prompt, seconds, x, told)]
    if verdict:
        parts.append(_found(verdict, x, told))
    for index, (label, name) in enumerate(_ROWS):
        parts.append(
            _line(
                escape(told[label]),
                [_value(w, name) for w in result.windows],
                result.windows,
                x,
                index,
            )
        )
    bottom = height - 6
    parts += [
        f'<text x="{x(t):.1f}" y="{bottom}" text-anchor="{anchor}">{t:g} s</text>'
        for t, anchor in (
            (0.0, "start"),
            (round(seconds / 2, 1), "middle"),
            (round(seconds, 1), "end"),
        )
    ]
    parts += [
        f'<path d="M{x(t):.1f} {_TOP}V{bottom - 12}" stroke="currentColor" stroke-dasharray="2 2">'
        f"<title>{escape(told['cut'])}</title></path>"
        for t in result.facts.cuts
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" '
        f'height="{height}" font-size="10" font-family="sans-serif" fill="currentColor">'
        f"<title>{escape(told['title'])}</title>{''.join(parts)}</svg>"
    )


def _name(item: Move, told: Mapping[str, str]) -> str:
    return item.chinese if told.get("language") == "zh" else item.english


def _requested(prompt: str, seconds: float, x: Any, told: Mapping[str, str]) -> str:
    steps = parse(prompt)
    parts = [f'<text x="2" y="{_TOP - 7}">{escape(told["asked for"])}</text>']
    for index, step in enumerate(steps):
        start, end = x(seconds * index / len(steps)), x(seconds * (index + 1) / len(steps))
        label = escape(" + ".join(_name(item, told) for item in step.moves))
        parts.append(
            f'<rect x="{start + 1:.1f}" y="3" width="{end - start - 2:.1f}" height="14" '
            'fill="currentColor" '
            f'fill-opacity=".12"><title>{label}</title></rect>'
            f'<text x="{start + 4:.1f}" y="{_TOP - 7}">{_cut(label, end - start)}</text>'
        )
    return "".join(parts)


def _found(verdict: Adherence, x: Any, told: Mapping[str, str]) -> str:
    parts = [f'<text x="2" y="{_TOP + 11}">{escape(told["found"])}</text>']
    reasons = told.get("language") != "zh"  # they are English
    for step in verdict.steps:
        start, end = x(step.start), x(step.end)
        words = "; ".join(
            f"{_name(move(item.move), told)}: {told[item.direction]}"
            + (f" ({item.reason})" if item.reason and reasons else "")
            for item in step.moves
        )
        marks = "".join(
            f'<tspan fill="{_COLOUR.get(item.direction, "currentColor")}">{_MARK[item.direction]} '
            "</tspan>"
            for item in step.moves
        )
        extras = f" +{len(step.extras)} {escape(told['extra'])}" if step.extras else ""
        parts.append(
            f'<rect x="{start + 1:.1f}" y="{_TOP + 1}" width="{max(0.0, end - start - 2):.1f}" '
            'height="14" '
            'fill="none" stroke="currentColor" '
            f'stroke-opacity=".4"><title>{escape(words)}</title></rect>'
            f'<text x="{start + 4:.1f}" y="{_TOP + 11}">{marks}{extras}</text>'
        )
    return "".join(parts)


def _line(label: str, values: list[float], windows: Iterable[Window], x: Any, index: int) -> str:
    middle = _TOP + 18 + _ROW * index + _ROW / 2
    steps = []
    for value, window in zip(values, windows, strict=True):
        y = middle - max(-1.0, min(1.0, value)) * (_ROW / 2 - 2)
        steps.append(f"M{x(window.start):.1f} {y:.1f}H{x(window.end):.1f}")
    return (
        f'<text x="2" y="{middle + 3:.1f}">{label}</text>'
        f'<path d="M{_LEFT} {middle:.1f}H{x(1e9):.1f}" stroke="currentColor" stroke-opacity=".25"/>'
        f'<path d="{"".join(steps)}" stroke="#1f77b4" stroke-width="2.5" fill="none"/>'
    )


def _value(window: Window, name: str) -> float:
    """As a share of half a row: 0.15 widths, or 15 percent, a second fill it."""
    raw = {
        "pan": window.pan,
        "tilt": window.tilt,
        "zoom": window.zoom / 100,
        "shake": window.shake,
    }[name]
    return raw / 0.15


def _cut(label: str, room: float) -> str:
    most = max(1, int(room / 5.4) - 1)
    return label if len(label) <= most else label[: most - 1] + "…"
