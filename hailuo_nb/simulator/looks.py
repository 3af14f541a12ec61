"""The light and colours of each provider's simulated clips."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hailuo_nb.simulator.textures import Colour, hue


@dataclass(frozen=True, slots=True)
class Look:
    """Light and colours of a provider's stand-in, so that clips of one prompt look different."""

    sky_top: Colour
    sky_low: Colour
    light: Colour
    green: Colour
    earth: Colour
    hills: Colour
    accent: Colour
    sun: tuple[float, float]  # metres to the right and up, at a distance of 100 metres
    dark: float  # 0 day, 1 night
    fir: bool = False


LOOKS = {
    # Early light, warm.
    "ppinfra": Look(
        (92, 140, 204),
        (255, 217, 172),
        (255, 241, 208),
        (112, 150, 62),
        (206, 160, 104),
        (108, 120, 160),
        (232, 92, 62),
        (26, 12),
        0.1,
    ),
    # Noon, clear.
    "modelverse": Look(
        (44, 120, 214),
        (196, 230, 250),
        (255, 255, 250),
        (72, 162, 70),
        (222, 200, 150),
        (76, 132, 160),
        (250, 196, 40),
        (-24, 38),
        0.0,
    ),
    # Mist, ink on paper, one red.
    "chanjing": Look(
        (190, 202, 200),
        (241, 234, 218),
        (224, 92, 70),
        (104, 126, 102),
        (190, 180, 160),
        (122, 140, 142),
        (206, 62, 48),
        (20, 22),
        0.0,
        True,
    ),
    # After sunset.
    "xcompute": Look(
        (30, 30, 92),
        (250, 138, 108),
        (255, 206, 146),
        (40, 104, 104),
        (112, 84, 120),
        (84, 58, 124),
        (255, 92, 160),
        (-6, 7),
        0.75,
        True,
    ),
}


def tinted(look: Look, rng: np.random.Generator) -> Look:
    """Rehue_shifts the look with small random changes of hue."""
    hue_shift = float(rng.uniform(-0.035, 0.035))
    saturation = float(rng.uniform(0.9, 1.12))
    return Look(
        hue(look.sky_top, hue_shift / 2, saturation),
        look.sky_low,
        look.light,
        hue(look.green, hue_shift, saturation),
        hue(look.earth, hue_shift / 2),
        hue(look.hills, hue_shift, saturation),
        hue(look.accent, float(rng.uniform(-0.06, 0.06))),
        look.sun,
        look.dark,
        look.fir,
    )
