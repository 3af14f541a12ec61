"""The path of the virtual camera: a prompt's brackets as motion.

World: X right, Y down, Z forward, metres; angles in radians. Moves of one bracket add up; brackets
take equal shares of the clip, each with a smooth start and stop.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hailuo_nb.prompts.camera import Move, Step, parse

# Plausible and measurable rates (camera.md 1.3), per second at full speed.
TRUCK, PEDESTAL, PUSH = 0.55, 0.16, 0.5  # metres
PAN, TILT = math.radians(6.0), math.radians(3.6)
ZOOM = math.log(1.105)
WALK = 0.8  # metres, of the figure in a tracking shot
STROLL = 0.22  # metres, of the figure in any other
SHAKE_ANGLE, SHAKE_OFFSET = math.radians(0.5), 0.012
_REVERSAL = 0.75  # share of a bracket after which a camera that overshoots reverses
_RAMP = 0.22  # share of a bracket to accelerate, and to decelerate

# move -> (field of Pose, rate per second). `zoom` is a logarithm until the end.
_RATES = {
    "truck_left": ("x", -TRUCK),
    "truck_right": ("x", TRUCK),
    "pedestal_up": ("y", -PEDESTAL),
    "pedestal_down": ("y", PEDESTAL),
    "push_in": ("z", PUSH),
    "pull_out": ("z", -PUSH),
    "pan_left": ("yaw", -PAN),
    "pan_right": ("yaw", PAN),
    "tilt_up": ("pitch", TILT),
    "tilt_down": ("pitch", -TILT),
    "zoom_in": ("zoom", ZOOM),
    "zoom_out": ("zoom", -ZOOM),
}
# Two frequencies per direction (Hz), so that the shake does not repeat within a clip.
_SHAKE = ((1.7, 3.1), (2.3, 4.3), (1.3, 5.3))


@dataclass(frozen=True, slots=True)
class Pose:
    """Position in metres (y down), yaw (right), pitch (up) and roll in radians, zoom factor.

    figure  metres that the walking figure has moved to the right
    """

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    zoom: float = 1.0
    figure: float = 0.0


@dataclass(frozen=True, slots=True)
class CameraStyle:
    """How precisely a provider's stand-in follows the moves.

    pace       share of the requested distance
    overshoot  how far it moves beyond the end before it returns, as a share of the distance
    max_moves  moves per bracket that it follows; the rest is ignored
    """

    pace: float = 1.0
    overshoot: float = 0.0
    max_moves: int = 15


EXACT_STYLE = CameraStyle()
# Invented: they say nothing about the real providers, and make a comparison show differences.
_STYLES = {
    "ppinfra": CameraStyle(overshoot=0.25),
    "modelverse": EXACT_STYLE,
    "chanjing": CameraStyle(max_moves=2),
    "xcompute": CameraStyle(pace=0.55),
}


def style_of(provider: str) -> CameraStyle:
    """Returns how a provider's stand-in follows the moves; exactly by default."""
    return _STYLES.get(provider, EXACT_STYLE)


def pose_at(
    prompt: str | Sequence[Step], t: float, seconds: float, style: CameraStyle = EXACT_STYLE
) -> Pose:
    """Returns the pose at `t` of a clip of `seconds`; outside of it the camera rests."""
    steps = parse(prompt) if isinstance(prompt, str) else prompt
    parts = {
        "x": 0.0,
        "y": 0.0,
        "z": 0.0,
        "yaw": 0.0,
        "pitch": 0.0,
        "roll": 0.0,
        "zoom": 0.0,
        "figure": 0.0,
    }
    share = seconds / len(steps) if steps else seconds
    followed = any(move.key == "tracking" for step in steps for move in step.moves)
    if not followed:
        parts["figure"] = STROLL * min(max(t, 0.0), seconds)
    for index, step in enumerate(steps):
        inside = t - index * share
        gone = share * style.pace * _progress(inside / share, style.overshoot)
        for move in step.moves[: style.max_moves]:
            _add_move(parts, move, inside, gone, share)
    parts["zoom"] = math.exp(parts["zoom"])
    return Pose(**parts)


def _progress(u: float, overshoot: float) -> float:
    """Returns the share of the distance at share `u` of the time, with overshoot."""
    if not overshoot:
        return ease(u)
    return (1 + overshoot) * ease(u / _REVERSAL) - overshoot * ease(
        (u - _REVERSAL) / (1 - _REVERSAL)
    )


def active_step(steps: Sequence[Step], t: float, seconds: float) -> int | None:
    """Returns the index of the bracket at `t`, or None without brackets."""
    if not steps:
        return None
    return max(0, min(len(steps) - 1, int(t / seconds * len(steps))))


def ease(u: float) -> float:
    """Returns the share of the distance at share `u` of the time, with smooth start and stop."""
    if u <= 0 or u >= 1:
        return float(u >= 1)
    if u > 0.5:
        return 1 - ease(1 - u)
    cruise = 1 / (1 - _RAMP)
    if u >= _RAMP:
        return cruise * (u - _RAMP / 2)
    # A raised cosine: the speed has no kink.
    return cruise * (u / 2 - _RAMP / (2 * math.pi) * math.sin(math.pi * u / _RAMP))


def _add_move(
    parts: dict[str, float], move: Move, inside: float, gone: float, share: float
) -> None:
    if move.key in _RATES:
        name, rate = _RATES[move.key]
        parts[name] += rate * gone
    elif move.key == "tracking":
        parts["x"] += WALK * gone
        parts["figure"] += WALK * gone
    elif move.key == "shake" and 0 < inside < share:
        fade = min(1.0, inside / (0.15 * share), (share - inside) / (0.15 * share))
        for name, (slow, fast), size in zip(
            ("yaw", "pitch", "roll"),
            _SHAKE,
            (SHAKE_ANGLE, SHAKE_ANGLE, SHAKE_ANGLE / 2),
            strict=True,
        ):
            wave = math.sin(2 * math.pi * slow * inside) + 0.6 * math.sin(
                2 * math.pi * fast * inside + 1.0
            )
            parts[name] += fade * size * wave
        parts["x"] += fade * SHAKE_OFFSET * math.sin(2 * math.pi * 1.9 * inside)
        parts["y"] += fade * SHAKE_OFFSET * math.sin(2 * math.pi * 2.9 * inside)
