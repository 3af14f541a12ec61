"""Judges whether the camera made the moves that the prompt requested.

The direction (left, up, in ...) is reliable. The kind (truck or pan ...) is judged only if the
frames show enough depth; `can't tell` is a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure.alignment import align
from hailuo_nb.measure.estimate import (
    KINDS,
    MIN_RATE,
    MIN_SHAKE,
    TWINS,
    CameraEstimate,
    apparent_rate,
    estimate_camera,
)
from hailuo_nb.measure.measurement import Window
from hailuo_nb.prompts.camera import Move, parse
from hailuo_nb.requests import arguments

Direction = Literal["right", "opposite", "missing", "can't tell", "not judged"]
Kind = Literal["right", "other", "can't tell"]

AXES = {
    "pan": "across",
    "truck": "across",
    "tilt": "up",
    "pedestal": "up",
    "zoom": "in",
    "push": "in",
}
MOVE_DIRECTIONS: Mapping[str, tuple[str, float]] = {
    "truck_left": ("truck", -1), "truck_right": ("truck", 1), "pan_left": ("pan", -1),
    "pan_right": ("pan", 1),
    "push_in": ("push", 1), "pull_out": ("push", -1), "pedestal_up": ("pedestal", -1),
    "pedestal_down": ("pedestal", 1), "tilt_up": ("tilt", 1), "tilt_down": ("tilt", -1),
    "zoom_in": ("zoom", 1), "zoom_out": ("zoom", -1),
}  # fmt: skip
"""Key of a move -> kind and sign, as in `estimate.KINDS`."""
_KEYS = {way: key for key, way in MOVE_DIRECTIONS.items()}

_MIN_FIT = 0.25  # below it there is no rigid scene
# Differences of score: of a kind to its twin; of a lens to a flat shift; of translation to rotation
# in a bracket whose scene has depth; of a hypothesis to a rival.
_MIN_KIND_GAIN = 0.1
_MIN_LENS_GAIN = 0.12
_MIN_DEPTH_GAIN = 0.15
_MIN_RIVAL_GAIN = 0.03
_MIN_EXTRA = 1.5  # times MIN_RATE; a slower move goes unnoticed
_MIN_EXTRA_SHARE = 0.3  # of the fastest part
_EXTRA_PENALTY = 0.25
_MAX_STILL = 0.02  # widths per second


@dataclass(frozen=True, slots=True)
class MoveVerdict:
    """The verdict on one requested move.

    rate    speed, positive in the requested direction: frame widths per second, for zoom and push
            percent per second; None if no such motion was found
    reason  why the verdict is not "right"
    """

    move: str
    direction: Direction
    kind: Kind
    rate: float | None = None
    reason: str = ""

    @property
    def judged(self) -> bool:
        return self.direction in ("right", "opposite", "missing")

    @property
    def points(self) -> float:
        """1 for the right direction, 0.5 with the wrong kind, 0 for opposite or missing."""
        if self.direction != "right":
            return 0.0
        return 0.5 if self.kind == "other" else 1.0


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """One bracket: its time span in seconds, its moves, and the keys of moves not requested."""

    start: float
    end: float
    moves: tuple[MoveVerdict, ...]
    extras: tuple[str, ...]
    fit: float


@dataclass(frozen=True, slots=True)
class Adherence:
    """The verdict on a clip. Always read `score` together with `judged`.

    score      0..1: mean points of the judged moves, less 0.25 per extra move of a bracket; None if
               no move was judged
    judged     number of requested moves with a verdict on their direction
    requested  number of requested moves
    """

    steps: tuple[StepVerdict, ...]
    score: float | None
    judged: int
    requested: int

    @property
    def moves(self) -> tuple[MoveVerdict, ...]:
        return tuple(move for step in self.steps for move in step.moves)

    @property
    def directions_right(self) -> int:
        """How many of the `judged` moves went in the requested direction."""
        return sum(move.direction == "right" for move in self.moves)

    def __str__(self) -> str:
        if self.score is None:
            return f"no score (0 of {self.requested} moves judged)"
        return f"{self.score:.2f} ({self.judged} of {self.requested} moves judged)"


def adherence(prompt: str, windows: Iterable[Window]) -> Adherence:
    """Compares a `Measurement` (or its windows) with the brackets of the prompt. Raises
    ArgumentError."""
    steps = [step.moves for step in parse(arguments.as_text("prompt", prompt))]
    measured = list(windows) if isinstance(windows, Iterable) else [windows]
    for one in measured:
        if not isinstance(one, Window):
            raise ArgumentError(
                f"windows is what hn.measure(path) gives, not {arguments.describe(one)}"
            )
    if not steps:
        return Adherence((), None, 0, 0)
    spans = align(steps, measured)
    estimates = [estimate_camera(measured[first:last]) for first, last in spans]
    verdicts = []
    for index, ((first, last), moves) in enumerate(zip(spans, steps, strict=True)):
        others = estimates[:index] + estimates[index + 1 :]
        verdicts.append(
            _judge_step(
                moves, measured[first:last], estimates[index], any(map(_shows_depth, others))
            )
        )
    judged = [move for step in verdicts for move in step.moves if move.judged]
    score = None
    if judged:
        extras = sum(len(step.extras) for step in verdicts)
        total = sum(move.points for move in judged) - _EXTRA_PENALTY * extras
        score = max(0.0, total / len(judged))
    return Adherence(tuple(verdicts), score, len(judged), sum(len(moves) for moves in steps))


def _shows_depth(estimate: CameraEstimate | None) -> bool:
    """Whether this bracket shows parallax.

    Only then does a bracket without parallax prove rotation or zoom.
    """
    return (
        estimate is not None
        and estimate.best >= 8
        and estimate.depth > _MIN_DEPTH_GAIN
        and estimate.motion > MIN_RATE / 2
    )


def dominant_move(windows: Sequence[Window]) -> str | None:
    """Returns the key of the move that these windows resemble most, None if nothing is certain."""
    estimate = estimate_camera(windows)
    if estimate is None or estimate.fit < _MIN_FIT / 2:
        return None
    if estimate.shake > MIN_SHAKE:
        return "shake"
    if not estimate.parts:
        return "static"
    kind = max(estimate.parts, key=lambda name: apparent_rate(name, estimate.parts[name]))
    return _KEYS[kind, 1.0 if estimate.parts[kind] > 0 else -1.0]


def _judge_step(
    moves: Sequence[Move], windows: Sequence[Window], estimate: CameraEstimate | None, deep: bool
) -> StepVerdict:
    start, end = (windows[0].start, windows[-1].end) if windows else (0.0, 0.0)
    verdicts = tuple(_judge_move(move, moves, windows, estimate, deep=deep) for move in moves)
    fit = estimate.fit if estimate else 0.0
    follows = any(move.key == "tracking" for move in moves)  # any move may be needed for that
    extras = _extras(moves, estimate) if estimate and fit >= _MIN_FIT and not follows else ()
    return StepVerdict(start, end, verdicts, extras, fit)


def _judge_move(
    move: Move,
    moves: Sequence[Move],
    windows: Sequence[Window],
    estimate: CameraEstimate | None,
    *,
    deep: bool,
) -> MoveVerdict:
    if move.key == "tracking":
        reason = "whether a subject is followed cannot be measured without knowing the subject"
        return MoveVerdict(move.key, "not judged", "can't tell", reason=reason)
    if not windows:
        return _undecided(move, "the clip is too short for this bracket")
    if estimate is None:
        return _undecided(move, windows[0].note or "nothing to follow")
    if move.key == "shake":
        return _judge_shake(estimate)
    if move.key == "static":
        return _judge_static(estimate)
    if estimate.fit < _MIN_FIT:
        return _undecided(move, f"no rigid scene was seen (fit {estimate.fit:.2f})")
    twin_requested = any(
        MOVE_DIRECTIONS[other.key][0] == TWINS[MOVE_DIRECTIONS[move.key][0]]
        for other in moves
        if other.key in MOVE_DIRECTIONS
    )
    return _judge_direction(move.key, estimate, deep=deep, twin_requested=twin_requested)


def _undecided(move: Move, reason: str) -> MoveVerdict:
    return MoveVerdict(move.key, "can't tell", "can't tell", reason=reason)


def _judge_shake(estimate: CameraEstimate) -> MoveVerdict:
    if estimate.shake > MIN_SHAKE:
        return MoveVerdict("shake", "right", "can't tell", estimate.shake)
    reason = f"unrest of {estimate.shake:.3f} widths/s; a shake has more than {MIN_SHAKE}"
    return MoveVerdict("shake", "missing", "can't tell", estimate.shake, reason)


def _judge_static(estimate: CameraEstimate) -> MoveVerdict:
    rates = (apparent_rate(kind, rate) for kind, rate in estimate.parts.items())
    if estimate.shake > MIN_SHAKE or any(rate > _MAX_STILL / 2 for rate in rates):
        return MoveVerdict("static", "missing", "can't tell", reason="the camera moved")
    return MoveVerdict("static", "right", "can't tell")


def _judge_direction(
    key: str, estimate: CameraEstimate, *, deep: bool, twin_requested: bool
) -> MoveVerdict:
    kind, sign = MOVE_DIRECTIONS[key]
    # A positive tilt is up, a positive pedestal is down.
    flip = -1.0 if AXES[kind] == "up" else 1.0
    own, twin = estimate.parts.get(kind), estimate.parts.get(TWINS[kind])
    if own is None and twin is None:
        own, twin = estimate.faint.get(kind, 0.0), estimate.faint.get(TWINS[kind], 0.0)
        own, twin = own if own * sign > 0 else None, twin if twin * sign * flip > 0 else None
    if own is None and twin is None:
        return MoveVerdict(key, "missing", "can't tell", reason="no such motion was seen")
    if (
        own
        and twin
        and own * twin * flip < 0
        and not twin_requested
        and not _are_both_distinct(estimate, kind, deep)
    ):
        # Two opposite parts fit noise; what is visible is their sum.
        own, twin = own + flip * twin, None
    if own is not None and (
        twin is None
        or _is_distinct(estimate, kind, deep)
        or apparent_rate(kind, own) > apparent_rate(kind, twin)
    ):
        right, rate = own * sign > 0, own * sign
        verdict_kind: Kind = "right" if _is_distinct(estimate, kind, deep) else "can't tell"
    else:
        assert twin is not None
        right, rate = twin * sign * flip > 0, twin * sign * flip
        verdict_kind = "other" if _is_distinct(estimate, TWINS[kind], deep) else "can't tell"
    rate = 100 * rate if AXES[kind] == "in" else rate
    if not right:
        return MoveVerdict(key, "opposite", "can't tell", rate, "the camera went the other way")
    words = {
        "right": "",
        "other": f"it looks like a {TWINS[kind]}",
        "can't tell": "kind: the picture has no depth to tell",
    }
    return MoveVerdict(key, "right", verdict_kind, rate, words[verdict_kind])


def _are_both_distinct(estimate: CameraEstimate, kind: str, deep: bool) -> bool:
    return _is_distinct(estimate, kind, deep) and _is_distinct(estimate, TWINS[kind], deep)


def _is_distinct(estimate: CameraEstimate, kind: str, deep: bool) -> bool:
    """Whether this part of the motion could not as well be its twin."""
    if kind not in estimate.parts or estimate.fit < _MIN_FIT * 1.4:
        return False
    bit = KINDS.index(kind)
    best_score = estimate.scores[estimate.best]
    if bit >= 3:
        both = estimate.best | 1 << (bit - 3)
        # The rotation that looks like this part must not explain as much next to the others.
        has_rival = both != estimate.best and best_score - estimate.scores[both] < _MIN_RIVAL_GAIN
        return estimate.depth > _MIN_KIND_GAIN and not has_rival
    needed = best_score - estimate.scores[estimate.best & ~(1 << bit)] > _MIN_KIND_GAIN
    if estimate.best >= 8 and estimate.depth > _MIN_KIND_GAIN:
        return needed
    # Translation that is hardly better than rotation (a poster, a vista) does not separate kinds.
    if kind != "zoom" and estimate.lens > _MIN_LENS_GAIN:
        return True
    return estimate.best < 8 and deep and needed and estimate.depth < -0.02


def _extras(moves: Sequence[Move], estimate: CameraEstimate) -> tuple[str, ...]:
    requested = {
        AXES[MOVE_DIRECTIONS[move.key][0]] for move in moves if move.key in MOVE_DIRECTIONS
    }
    still = any(move.key == "static" for move in moves)
    largest = max((apparent_rate(kind, rate) for kind, rate in estimate.parts.items()), default=0.0)
    minimum = max(_MIN_EXTRA * MIN_RATE, _MIN_EXTRA_SHARE * largest)
    shaking = any(move.key == "shake" for move in moves)
    extras = [
        _KEYS[kind, 1.0 if rate > 0 else -1.0]
        for kind, rate in estimate.parts.items()
        if AXES[kind] not in requested
        and not still
        and apparent_rate(kind, rate) >= (_MAX_STILL if shaking else minimum)
    ]
    if estimate.shake > MIN_SHAKE and not shaking and not still:
        extras.append("shake")
    return tuple(extras)
