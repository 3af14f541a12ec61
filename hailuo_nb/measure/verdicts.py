"""Did the camera do what the prompt asked for: a verdict for each requested move.

Pure; knows prompts and windows, must not know files. Two levels: the direction (left, up, in ...),
which is solid, and the kind (truck or pan ...), which is told only when the picture had the depth
to tell it. `can't tell` is a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hailuo_nb.measure.alignment import align
from hailuo_nb.measure.weighing import KINDS, MIN_RATE, SHAKES, TWIN, Found, size, weigh
from hailuo_nb.measure.windows import Window
from hailuo_nb.prompts.camera import Move, parse

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
WAYS: Mapping[str, tuple[str, float]] = {
    "truck_left": ("truck", -1), "truck_right": ("truck", 1), "pan_left": ("pan", -1),
    "pan_right": ("pan", 1),
    "push_in": ("push", 1), "pull_out": ("push", -1), "pedestal_up": ("pedestal", -1),
    "pedestal_down": ("pedestal", 1), "tilt_up": ("tilt", 1), "tilt_down": ("tilt", -1),
    "zoom_in": ("zoom", 1), "zoom_out": ("zoom", -1),
}  # fmt: skip
"""Key of a move -> kind and sign, as in `weighing.KINDS`."""
_KEYS = {way: key for key, way in WAYS.items()}

_MIN_FIT = 0.25  # below it no rigid scene was seen
_CLAIM = 0.1  # of the score: how much better a kind must be than its twin
_CLAIM_LENS = 0.12
# of the score: how much better translation must be in one bracket to show that the scene is deep
_DEPTH = 0.15
_RIVAL = 0.03
_EXTRA = 1.5  # times MIN_RATE: less is no move that somebody would notice
_EXTRA_SHARE = 0.3  # of the largest part
_EXTRA_COST = 0.25
_STILL = 0.02  # widths a second


@dataclass(frozen=True, slots=True)
class MoveVerdict:
    """One requested move.

    rate    how fast it was, signed as asked for: picture widths a second, percent a second for zoom
            and push; None where nothing of it was seen
    reason  in words, where the verdict is not "right"
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
        """1 direction right and kind right or not told, 0.5 the twin kind, 0 opposite or
        missing."""
        if self.direction != "right":
            return 0.0
        return 0.5 if self.kind == "other" else 1.0


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """One bracket: when it was performed (seconds), its moves, and moves that nobody asked for
    (keys)."""

    start: float
    end: float
    moves: tuple[MoveVerdict, ...]
    extras: tuple[str, ...]
    fit: float


@dataclass(frozen=True, slots=True)
class Adherence:
    """The verdict on a clip. Always read `score` together with `judged`.

    score      0..1: mean of the judged moves' points, less 0.25 for each extra move a bracket; None
               if none was judged
    judged     how many requested moves have a verdict on their direction
    requested  how many there were
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
        """Of `judged`."""
        return sum(move.direction == "right" for move in self.moves)

    def __str__(self) -> str:
        if self.score is None:
            return f"no score (0 of {self.requested} moves judged)"
        return f"{self.score:.2f} ({self.judged} of {self.requested} moves judged)"


def adherence(prompt: str, windows: Iterable[Window]) -> Adherence:
    """Hold what was measured (a `Measurement`, or its windows) against the brackets of the
    prompt."""
    steps = [step.moves for step in parse(prompt)]
    seen = list(windows)
    if not steps:
        return Adherence((), None, 0, 0)
    spans = align(steps, seen)
    everywhere = [weigh(seen[first:last]) for first, last in spans]
    verdicts = []
    for index, ((first, last), moves) in enumerate(zip(spans, steps, strict=True)):
        others = everywhere[:index] + everywhere[index + 1 :]
        verdicts.append(
            _step(moves, seen[first:last], everywhere[index], any(map(_shows_depth, others)))
        )
    judged = [move for step in verdicts for move in step.moves if move.judged]
    score = None
    if judged:
        extras = sum(len(step.extras) for step in verdicts)
        total = sum(move.points for move in judged) - _EXTRA_COST * extras
        score = max(0.0, total / len(judged))
    return Adherence(tuple(verdicts), score, len(judged), sum(len(moves) for moves in steps))


def _shows_depth(found: Found | None) -> bool:
    """Whether this bracket showed parallax: only then does its absence in another one mean a turn
    or a zoom."""
    return (
        found is not None
        and found.best >= 8
        and found.depth > _DEPTH
        and found.motion > MIN_RATE / 2
    )


def dominant(windows: Sequence[Window]) -> str | None:
    """The one of fourteen moves that these windows look most like, or None where nothing can be
    told."""
    found = weigh(windows)
    if found is None or found.fit < _MIN_FIT / 2:
        return None
    if found.shake > SHAKES:
        return "shake"
    if not found.parts:
        return "static"
    kind = max(found.parts, key=lambda name: size(name, found.parts[name]))
    return _KEYS[kind, 1.0 if found.parts[kind] > 0 else -1.0]


def _step(
    moves: Sequence[Move], windows: Sequence[Window], found: Found | None, deep: bool
) -> StepVerdict:
    start, end = (windows[0].start, windows[-1].end) if windows else (0.0, 0.0)
    if any(move.key == "tracking" for move in moves):
        verdicts = tuple(
            MoveVerdict(
                move.key,
                "not judged",
                "can't tell",
                reason="whether a subject is followed cannot be measured without knowing the "
                "subject",
            )
            if move.key == "tracking"
            else _verdict(move, moves, windows, found, deep=deep)
            for move in moves
        )
        return StepVerdict(start, end, verdicts, (), found.fit if found else 0.0)
    verdicts = tuple(_verdict(move, moves, windows, found, deep=deep) for move in moves)
    extras = _extras(moves, found) if found and found.fit >= _MIN_FIT else ()
    return StepVerdict(start, end, verdicts, extras, found.fit if found else 0.0)


def _verdict(
    move: Move, moves: Sequence[Move], windows: Sequence[Window], found: Found | None, *, deep: bool
) -> MoveVerdict:
    if not windows:
        return MoveVerdict(
            move.key, "can't tell", "can't tell", reason="the clip is too short for this bracket"
        )
    if found is None:
        return MoveVerdict(
            move.key, "can't tell", "can't tell", reason=windows[0].note or "nothing to follow"
        )
    if move.key == "shake":
        shaken = found.shake > SHAKES
        reason = (
            ""
            if shaken
            else f"unrest of {found.shake:.3f} widths/s; a shake has more than {SHAKES}"
        )
        return MoveVerdict(
            move.key, "right" if shaken else "missing", "can't tell", found.shake, reason
        )
    if move.key == "static":
        still = found.shake <= SHAKES and not any(
            size(k, r) > _STILL / 2 for k, r in found.parts.items()
        )
        reason = "" if still else "the camera moved"
        return MoveVerdict(move.key, "right" if still else "missing", "can't tell", None, reason)
    if found.fit < _MIN_FIT:
        return MoveVerdict(
            move.key,
            "can't tell",
            "can't tell",
            reason=f"no rigid scene was seen (fit {found.fit:.2f})",
        )
    twin_asked = any(
        WAYS[other.key][0] == TWIN[WAYS[move.key][0]] for other in moves if other.key in WAYS
    )
    return _directed(move.key, found, deep=deep, twin_asked=twin_asked)


def _directed(key: str, found: Found, *, deep: bool, twin_asked: bool) -> MoveVerdict:
    kind, sign = WAYS[key]
    # Up is up for a tilt and down for a pedestal in these numbers.
    flip = -1.0 if AXES[kind] == "up" else 1.0
    own, twin = found.parts.get(kind), found.parts.get(TWIN[kind])
    if own is None and twin is None:
        own, twin = found.faint.get(kind, 0.0), found.faint.get(TWIN[kind], 0.0)
        own, twin = own if own * sign > 0 else None, twin if twin * sign * flip > 0 else None
    if own is None and twin is None:
        return MoveVerdict(key, "missing", "can't tell", reason="no such motion was seen")
    if (
        own
        and twin
        and own * twin * flip < 0
        and not twin_asked
        and not _both_told(found, kind, deep)
    ):
        # Two that nearly undo each other explain noise; what the picture shows is their sum.
        own, twin = own + flip * twin, None
    if own is not None and (
        twin is None or _told(found, kind, deep) or size(kind, own) > size(kind, twin)
    ):
        right, rate = own * sign > 0, own * sign
        told: Kind = "right" if _told(found, kind, deep) else "can't tell"
    else:
        assert twin is not None
        right, rate = twin * sign * flip > 0, twin * sign * flip
        told = "other" if _told(found, TWIN[kind], deep) else "can't tell"
    rate = 100 * rate if AXES[kind] == "in" else rate
    if not right:
        return MoveVerdict(key, "opposite", "can't tell", rate, "the camera went the other way")
    words = {
        "right": "",
        "other": f"it looks like a {TWIN[kind]}",
        "can't tell": "kind: the picture has no depth to tell",
    }
    return MoveVerdict(key, "right", told, rate, words[told])


def _both_told(found: Found, kind: str, deep: bool) -> bool:
    return _told(found, kind, deep) and _told(found, TWIN[kind], deep)


def _told(found: Found, kind: str, deep: bool) -> bool:
    """Whether this part of what was found could not as well be its twin."""
    if kind not in found.parts or found.fit < _MIN_FIT * 1.4:
        return False
    bit = KINDS.index(kind)
    if bit >= 3:
        both = found.best | 1 << (bit - 3)
        # The turn that looks like it may not explain as much beside the rest of the translation.
        rivals = both != found.best and found.worth[found.best] - found.worth[both] < _RIVAL
        return found.depth > _CLAIM and not rivals
    needed = found.worth[found.best] - found.worth[found.best & ~(1 << bit)] > _CLAIM
    if found.best >= 8 and found.depth > _CLAIM:
        return needed
    # A translation that is hardly better than turns alone (a poster, a vista) tells nothing of what
    # goes beside it.
    if kind != "zoom" and found.lens > _CLAIM_LENS:
        return True
    return found.best < 8 and deep and needed and found.depth < -0.02


def _extras(moves: Sequence[Move], found: Found) -> tuple[str, ...]:
    asked = {AXES[WAYS[move.key][0]] for move in moves if move.key in WAYS}
    still = any(move.key == "static" for move in moves)
    largest = max((size(kind, rate) for kind, rate in found.parts.items()), default=0.0)
    least = max(_EXTRA * MIN_RATE, _EXTRA_SHARE * largest)
    shaking = any(move.key == "shake" for move in moves)
    extras = [
        _KEYS[kind, 1.0 if rate > 0 else -1.0]
        for kind, rate in found.parts.items()
        if AXES[kind] not in asked
        and not still
        and size(kind, rate) >= (_STILL if shaking else least)
    ]
    if found.shake > SHAKES and not shaking and not still:
        extras.append("shake")
    return tuple(extras)
