"""Presents a measurement: table columns, a share with its confidence interval, an SVG plot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape

from hailuo_nb.measure.intervals import wilson
from hailuo_nb.measure.measurement import Measurement, Window
from hailuo_nb.measure.verdicts import Adherence
from hailuo_nb.prompts.camera import Move, move, parse

Value = float | str | None

COLUMNS: dict[str, str] = {
    "adherence": (
        "0 to 1, None if no move was judged: mean of the judged moves, less extras. Not the clip's "
        "quality; read it with moves_judged"
    ),
    "moves_judged": "count: requested moves with a verdict on their direction. Tracking "
    "never has one",
    "moves_requested": "count: moves in the prompt's brackets",
    "directions_right": (
        "count, at most moves_judged: moves in the requested direction, whether truck or pan"
    ),
    "kinds_judged": (
        "count: requested moves whose kind (truck or pan, pedestal or tilt, push or zoom) can be "
        "judged. Without depth in the image none can, which is no fault of the clip"
    ),
    "kinds_right": "count, at most kinds_judged: moves of the requested kind. Not for ranking",
    "extra_moves": ("English names, empty if none: moves that were not requested"),
    "fit": (
        "0 to 1, mean over the clip: share of the image that one rigid scene and one camera "
        "explain. Walking people and water lower it; not the clip's quality"
    ),
    "measured_size": "pixels, width x height, from the file; not what was requested",
    "measured_fps": "frames per second, mean over the file; repeated frames count too",
    "measured_frames": (
        "count of frames that could be decoded; fewer than requested need not mean less motion"
    ),
    "measured_duration": "seconds from the first frame to the end of the last",
    "codec": "FFmpeg's name of the video codec, from the file; says nothing of quality",
    "audio": "'yes' or 'no', from the file: an audio track, which may be silent",
    "motion": (
        "frame widths per second: median speed of corners, of camera and objects together. Much is "
        "not good, little is not bad"
    ),
    "flicker": (
        "grey levels of 255: mean |second difference| of the brightness. A blinking lamp counts; "
        "local flicker does not"
    ),
    "sharpness": (
        "grey levels: deviation of the Laplacian at 480 pixels. Depends on the subject: compare "
        "clips of one prompt only"
    ),
    "sharpness_drop": (
        "0 to 1: how far the least sharp tenth is below the median. Deliberate focus pulls count"
    ),
    "freeze": (
        "seconds of the longest run of frames that differ by less than 0.15 grey levels. A static "
        "shot of a still subject counts too"
    ),
    "black_frames": "count of frames with a mean brightness below 17 of 255, as in night scenes",
    "cuts": "count of hard cuts; dissolves are not found",
    "loop_seam": (
        "SSIM of the first and the last frame, -1 to 1: 1 loops seamlessly, as does a static clip"
    ),
    "first_frame_ssim": (
        "SSIM of the first frame and the frame that was sent, aligned, -1 to 1; None if none was "
        "sent. Below 0.9 another crop is as likely as another image"
    ),
    "measure_notes": "text, empty if nothing: what could not be measured, and why",
}
"""Descriptions of the columns: unit, range, and what each does not mean.

Source: the decoded frames (grey, 480 pixels on the longer side) and the MP4 header, measured on
this machine; of `adherence` to `extra_moves` also the prompt sent. Accuracy:
tests/benchmarks/ADHERENCE.md.
"""


def columns(result: Measurement, verdict: Adherence | None = None) -> dict[str, Value]:
    """Returns the columns of one clip, see `COLUMNS`; without a verdict those of adherence are
    None."""
    facts = result.facts
    fits = [window.fit for window in result.windows if window.evidence]
    extras = [move(key).english for step in verdict.steps for key in step.extras] if verdict else []
    return {
        "adherence": verdict.score if verdict else None,
        "moves_judged": verdict.judged if verdict else None,
        "moves_requested": verdict.requested if verdict else None,
        "directions_right": verdict.directions_right if verdict else None,
        "kinds_judged": sum(one.kind != "can't tell" for one in verdict.moves) if verdict else None,
        "kinds_right": sum(one.kind == "right" for one in verdict.moves) if verdict else None,
        "extra_moves": ", ".join(dict.fromkeys(extras)) if verdict else None,
        "fit": sum(fits) / len(fits) if fits else None,
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
    """Returns the share of judged moves with the right direction, their count, and low and high of
    Wilson's 95 % interval; (None, 0, 0.0, 1.0) if none was judged.

    To rank providers. Never show the share without the count.
    """
    verdicts_list = list(verdicts)
    count = sum(verdict.judged for verdict in verdicts_list)
    if not count:
        return None, 0, 0.0, 1.0
    share = sum(verdict.directions_right for verdict in verdicts_list) / count
    return share, count, *wilson(share, count)


_ROWS = (("left-right", "pan"), ("down-up", "tilt"), ("out-in", "zoom"), ("shake", "shake"))
_ROW, _LEFT, _TOP = 26, 62, 20
_MARK = {"right": "✓", "opposite": "↔", "missing": "✗", "can't tell": "?", "not judged": "–"}
_COLOUR = {"right": "#1a7f37", "opposite": "#b3261e", "missing": "#b3261e"}


PLOT_TEXTS = {
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
"""The texts in `plot`, to be translated."""


def plot(
    prompt: str,
    result: Measurement,
    verdict: Adherence | None = None,
    *,
    width: int = 480,
    labels: Mapping[str, str] | None = None,
) -> str:
    """Returns an inline SVG of the requested and the measured brackets and the rates over time.

    labels  replacements for `PLOT_TEXTS`, and "language": "zh" for the moves' Chinese names

    Uses the page's text colour, for light and dark pages. All text is escaped.
    """
    texts = {**PLOT_TEXTS, **(labels or {})}
    seconds = result.facts.duration or 1.0
    height = _TOP * 2 + _ROW * len(_ROWS) + 18

    def x(t: float) -> float:
        return _LEFT + (width - _LEFT - 6) * min(1.0, max(0.0, t / seconds))

    parts = [_requested(prompt, seconds, x, texts)]
    if verdict:
        parts.append(_found(verdict, x, texts))
    for index, (label, name) in enumerate(_ROWS):
        parts.append(
            _line(
                escape(texts[label]),
                [_value(w, name) for w in result.windows],
                result.windows,
                x,
                index,
            )
        )
    parts.append(_time_axis(seconds, height - 6, x))
    parts.append(_cuts(result.facts.cuts, height - 18, x, texts))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" '
        f'height="{height}" font-size="10" font-family="sans-serif" fill="currentColor">'
        f"<title>{escape(texts['title'])}</title>{''.join(parts)}</svg>"
    )


def _name(item: Move, texts: Mapping[str, str]) -> str:
    return item.chinese if texts.get("language") == "zh" else item.english


def _requested(
    prompt: str, seconds: float, x: Callable[[float], float], texts: Mapping[str, str]
) -> str:
    steps = parse(prompt)
    parts = [f'<text x="2" y="{_TOP - 7}">{escape(texts["asked for"])}</text>']
    for index, step in enumerate(steps):
        start, end = x(seconds * index / len(steps)), x(seconds * (index + 1) / len(steps))
        label = escape(" + ".join(_name(item, texts) for item in step.moves))
        parts.append(
            f'<rect x="{start + 1:.1f}" y="3" width="{end - start - 2:.1f}" height="14" '
            'fill="currentColor" '
            f'fill-opacity=".12"><title>{label}</title></rect>'
            f'<text x="{start + 4:.1f}" y="{_TOP - 7}">{_cut(label, end - start)}</text>'
        )
    return "".join(parts)


def _found(verdict: Adherence, x: Callable[[float], float], texts: Mapping[str, str]) -> str:
    parts = [f'<text x="2" y="{_TOP + 11}">{escape(texts["found"])}</text>']
    reasons = texts.get("language") != "zh"  # they are English
    for step in verdict.steps:
        start, end = x(step.start), x(step.end)
        labels = "; ".join(
            f"{_name(move(item.move), texts)}: {texts[item.direction]}"
            + (f" ({item.reason})" if item.reason and reasons else "")
            for item in step.moves
        )
        marks = "".join(
            f'<tspan fill="{_COLOUR.get(item.direction, "currentColor")}">{_MARK[item.direction]} '
            "</tspan>"
            for item in step.moves
        )
        extras = f" +{len(step.extras)} {escape(texts['extra'])}" if step.extras else ""
        parts.append(
            f'<rect x="{start + 1:.1f}" y="{_TOP + 1}" width="{max(0.0, end - start - 2):.1f}" '
            'height="14" '
            'fill="none" stroke="currentColor" '
            f'stroke-opacity=".4"><title>{escape(labels)}</title></rect>'
            f'<text x="{start + 4:.1f}" y="{_TOP + 11}">{marks}{extras}</text>'
        )
    return "".join(parts)


def _line(
    label: str,
    values: list[float],
    windows: Iterable[Window],
    x: Callable[[float], float],
    index: int,
) -> str:
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


def _time_axis(seconds: float, y: int, x: Callable[[float], float]) -> str:
    times = ((0.0, "start"), (round(seconds / 2, 1), "middle"), (round(seconds, 1), "end"))
    return "".join(
        f'<text x="{x(t):.1f}" y="{y}" text-anchor="{anchor}">{t:g} s</text>' for t, anchor in times
    )


def _cuts(
    cuts: Iterable[float], bottom: int, x: Callable[[float], float], texts: Mapping[str, str]
) -> str:
    return "".join(
        f'<path d="M{x(t):.1f} {_TOP}V{bottom}" stroke="currentColor" stroke-dasharray="2 2">'
        f"<title>{escape(texts['cut'])}</title></path>"
        for t in cuts
    )


def _value(window: Window, name: str) -> float:
    """Scales a rate to half a row: 0.15 widths, or 15 percent, per second fill it."""
    raw = {
        "pan": window.pan,
        "tilt": window.tilt,
        "zoom": window.zoom / 100,
        "shake": window.shake,
    }[name]
    return raw / 0.15


def _cut(label: str, room: float) -> str:
    maximum = max(1, int(room / 5.4) - 1)
    return label if len(label) <= maximum else label[: maximum - 1] + "…"
