"""The figure that walks through the scene: a cat, a dog, a panda or a person.

All walk to the right and stand on the lower edge of their texture.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import ImageDraw

from hailuo_nb.simulator.compositing import Image, mipmaps
from hailuo_nb.simulator.textures import Colour, blob, draw_shapes, hue

STEPS = 8
_WORDS = {
    "cat": ("cat", "kitten", "猫"),
    "dog": ("dog", "puppy", "狗", "fox", "wolf", "horse", "马"),
    "panda": ("panda", "bear", "熊"),
}
_COATS: dict[str, tuple[Colour, ...]] = {
    "cat": ((228, 146, 68), (94, 92, 104), (238, 226, 208), (58, 52, 58)),
    "dog": ((186, 128, 74), (232, 214, 178), (96, 72, 58)),
    "panda": ((244, 242, 236),),
    "person": ((206, 66, 62), (52, 110, 190), (240, 178, 48), (64, 148, 110)),
}
SIZES = {"cat": (1.35, 0.95), "dog": (1.6, 1.25), "panda": (1.6, 1.25), "person": (0.95, 1.75)}
"""Width and height in metres; animals are larger than life, to be visible."""


def choose_kind(prompt: str) -> str:
    """Returns the figure that the prompt names, by default a person."""
    folded = prompt.lower()
    return next(
        (kind for kind, words in _WORDS.items() if any(word in folded for word in words)), "person"
    )


def walk_cycle(kind: str, rng: np.random.Generator, light: float) -> Sequence[Sequence[Image]]:
    """Returns `STEPS` images of one stride, each with mipmaps."""
    coats = _COATS[kind]
    coat = hue(coats[int(rng.integers(len(coats)))], 0.0, 1.0, light)
    width, height = (150, 276) if kind == "person" else (270, 200)

    def render_step(step: int) -> Image:
        phase = 2 * np.pi * step / STEPS

        def paint(draw: ImageDraw.ImageDraw, s: int) -> None:
            # The shadow.
            draw.ellipse(
                (width * s * 0.16, height * s * 0.93, width * s * 0.8, height * s),
                fill=(0, 0, 0, 70),
            )
            if kind == "person":
                _person(draw, width * s, height * s, phase, coat)
            else:
                _animal(draw, width * s, height * s, phase=phase, coat=coat, kind=kind)

        return draw_shapes(width, height, paint)

    return [mipmaps(render_step(step)) for step in range(STEPS)]


def _limb(
    draw: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], thick: float, tone: Colour
) -> None:
    draw.line(points, fill=(*tone, 255), width=max(1, round(thick)), joint="curve")
    for x, y in points:
        blob(draw, x, y, thick / 2, thick / 2, tone)


def _animal(
    draw: ImageDraw.ImageDraw, w: float, h: float, *, phase: float, coat: Colour, kind: str
) -> None:
    dark = (46, 42, 44) if kind == "panda" else hue(coat, 0.0, 1.1, 0.7)
    legs = dark if kind == "panda" else coat
    lift = h * 0.03 * np.sin(2 * phase)
    hip, chest, belly = (w * 0.27, h * 0.52 + lift), (w * 0.63, h * 0.52 - lift), h * 0.5
    thick = w * (0.085 if kind == "panda" else 0.055)
    for (x, y), turn, tone in (
        (hip, phase + np.pi, hue(legs, 0, 1, 0.78)),
        (chest, phase + 2.2, hue(legs, 0, 1, 0.78)),
        (hip, phase, legs),
        (chest, phase + np.pi + 2.2, legs),
    ):
        swing = np.sin(turn)
        foot = (x + w * 0.1 * swing, h * 0.955 - h * 0.07 * max(0.0, float(np.cos(turn))))
        knee = (x + w * 0.045 * swing - w * 0.02, h * 0.74)
        _limb(draw, [(x, y), knee, foot], thick, tone)
    wag = h * 0.04 * np.sin(phase)
    if kind != "panda":
        tail = [
            (w * 0.2, h * 0.45),
            (w * 0.1, h * 0.36 + wag),
            (w * 0.07, h * 0.17 + wag),
            (w * 0.12, h * 0.08 + wag),
        ]
        _limb(draw, tail, w * (0.042 if kind == "cat" else 0.05), coat)
    blob(draw, w * 0.45, belly, w * 0.28, h * (0.23 if kind == "panda" else 0.16), coat)
    blob(draw, w * 0.45, belly - h * 0.035, w * 0.23, h * 0.09, hue(coat, 0.0, 0.85, 1.12))
    if kind == "cat":
        for x in (0.33, 0.42, 0.51):
            _limb(draw, [(w * x, h * 0.36), (w * (x - 0.02), h * 0.47)], w * 0.014, dark)
    _head(draw, w, h, lift=lift, coat=coat, dark=dark, kind=kind)


def _head(
    draw: ImageDraw.ImageDraw,
    w: float,
    h: float,
    *,
    lift: float,
    coat: Colour,
    dark: Colour,
    kind: str,
) -> None:
    x, y, r = w * 0.76, h * 0.33 - lift, w * (0.125 if kind == "panda" else 0.105)
    if kind == "cat":
        for side in (-0.85, 0.35):
            ear = [
                (x + r * side, y - r * 0.45),
                (x + r * (side + 0.25), y - r * 1.55),
                (x + r * (side + 0.62), y - r * 0.6),
            ]
            draw.polygon(ear, fill=(*dark, 255))
    else:
        for side in (-0.75, 0.45):
            blob(
                draw,
                x + r * side,
                y - r * 0.75,
                r * 0.34,
                r * (0.34 if kind == "panda" else 0.6),
                dark,
            )
    blob(draw, x, y, r, r * 0.92, coat)
    blob(draw, x + r * 0.72, y + r * 0.28, r * 0.42, r * 0.32, hue(coat, 0.0, 0.55, 1.2))
    if kind == "panda":
        blob(draw, x + r * 0.35, y - r * 0.1, r * 0.3, r * 0.36, dark)
    blob(
        draw,
        x + r * 0.38,
        y - r * 0.14,
        r * 0.13,
        r * 0.15,
        (255, 255, 255) if kind == "panda" else (30, 28, 30),
    )
    blob(draw, x + r * 1.06, y + r * 0.16, r * 0.11, r * 0.09, (40, 30, 34))


def _person(draw: ImageDraw.ImageDraw, w: float, h: float, phase: float, coat: Colour) -> None:
    skin, trousers = (224, 178, 142), (52, 56, 78)
    bob = h * 0.012 * np.cos(2 * phase)
    hip, shoulder = (w * 0.48, h * 0.54 + bob), (w * 0.5, h * 0.25 + bob)
    for turn, leg, sleeve in (
        (np.pi, hue(trousers, 0, 1, 0.7), hue(coat, 0, 1, 0.7)),
        (0.0, trousers, coat),
    ):
        swing = np.sin(phase + turn)
        lifted = max(0.0, float(np.cos(phase + turn)))
        knee = (hip[0] + w * (0.13 * swing + 0.07 * lifted), h * 0.75 - h * 0.015 * lifted)
        foot = (hip[0] + w * 0.27 * swing, h * 0.955 - h * 0.06 * lifted)
        _limb(draw, [hip, knee, foot, (foot[0] + w * 0.08, foot[1] + h * 0.008)], w * 0.125, leg)
        elbow = (shoulder[0] - w * 0.14 * swing - w * 0.03, h * 0.4 + bob)
        hand = (shoulder[0] - w * 0.24 * swing + w * 0.05, h * 0.52 + bob)
        if turn:
            _limb(draw, [shoulder, elbow, hand], w * 0.085, sleeve)
    draw.rounded_rectangle(
        (w * 0.33, h * 0.2 + bob, w * 0.66, h * 0.585 + bob), radius=w * 0.14, fill=(*coat, 255)
    )
    swing = np.sin(phase)
    arm = [
        shoulder,
        (shoulder[0] + w * 0.14 * swing - w * 0.03, h * 0.4 + bob),
        (shoulder[0] + w * 0.24 * swing + w * 0.05, h * 0.52 + bob),
    ]
    _limb(draw, arm, w * 0.085, hue(coat, 0, 1, 0.85))
    blob(draw, *arm[-1], w * 0.05, w * 0.05, skin)
    blob(draw, w * 0.52, h * 0.125 + bob, w * 0.135, h * 0.083, skin)
    draw.pieslice(
        (w * 0.37, h * 0.03 + bob, w * 0.65, h * 0.185 + bob), 155, 330, fill=(54, 40, 36, 255)
    )
