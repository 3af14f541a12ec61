"""Generates textures from noise, gradients and shapes.

An Image is premultiplied RGBA, uint8 (height, width, 4).
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PILImage
from PIL import ImageDraw

from hailuo_nb.simulator.compositing import Image

Colour = tuple[int, int, int]
Field = NDArray[np.float64]

_SUPERSAMPLING = 3  # for soft edges of shapes


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Interpolates: `share` 0 is `one`, 1 is `other`."""
    r, g, b = (round(a + (z - a) * share) for a, z in zip(one, other, strict=True))
    return r, g, b


def hue(colour: Colour, turn: float, saturation: float = 1.0, brightness: float = 1.0) -> Colour:
    """Rotates the hue (1.0 is a full turn) and scales saturation and brightness."""
    h, s, v = colorsys.rgb_to_hsv(*(part / 255 for part in colour))
    r, g, b = colorsys.hsv_to_rgb((h + turn) % 1, min(1, s * saturation), min(1, v * brightness))
    return round(r * 255), round(g * 255), round(b * 255)


def noise(x: Field, y: Field, rng: np.random.Generator) -> Field:
    """Returns value noise, 0 to 1, on a grid of 1. Fast if x is a row and y a column."""
    table = rng.random((64, 64))
    ix, iy = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = x - ix, y - iy
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    rows, below, columns, beside = iy & 63, (iy + 1) & 63, ix & 63, (ix + 1) & 63
    if x.shape[0] == 1 and y.shape[-1] == 1 and x.ndim == y.ndim == 2:
        lines = table[rows[:, 0]] * (1 - fy) + table[below[:, 0]] * fy
        across: Field = lines[:, columns[0]] * (1 - fx)
        across += lines[:, beside[0]] * fx
        return across
    upper = table[rows, columns] * (1 - fx) + table[rows, beside] * fx
    lower = table[below, columns] * (1 - fx) + table[below, beside] * fx
    mixed: Field = upper * (1 - fy) + lower * fy
    return mixed


def fractal_noise(x: Field, y: Field, rng: np.random.Generator, octaves: int = 4) -> Field:
    """Sums octaves of noise, about 0 to 1."""
    total, weight = np.zeros(np.broadcast(x, y).shape), 0.0
    for octave in range(octaves):
        size = 2.0**octave
        total += noise(x * size, y * size, rng) / size
        weight += 1 / size
    return total / weight


def to_texture(colours: Field, alpha: Field | float = 255.0) -> Image:
    """Makes a texture of (h, w, 3) colours and alpha, 0..255."""
    height, width = colours.shape[:2]
    texture = np.empty((height, width, 4), np.uint8)
    share = np.broadcast_to(np.asarray(alpha, float), (height, width))
    texture[..., 3] = share.round()
    texture[..., :3] = np.clip(colours, 0, 255) * (share / 255)[..., None]
    return texture


def draw_shapes(
    width: int, height: int, paint: Callable[[ImageDraw.ImageDraw, int], None]
) -> Image:
    """Makes a texture of what `paint(draw, scale)` draws at `scale` times the size."""
    canvas = PILImage.new("RGBA", (width * _SUPERSAMPLING, height * _SUPERSAMPLING), (0, 0, 0, 0))
    paint(ImageDraw.Draw(canvas), _SUPERSAMPLING)
    # Pillow weights colours by alpha when it reduces RGBA.
    data = np.asarray(canvas.reduce(_SUPERSAMPLING)).astype(np.uint16)
    data[..., :3] = data[..., :3] * data[..., 3:] // 255
    return data.astype(np.uint8)


def ridge(
    width: int, height: int, crest: Colour, foot: Colour, *, rng: np.random.Generator, bumps: float
) -> Image:
    """Draws a range of hills with a gradient from `crest` to `foot`."""
    x = np.linspace(0, bumps, width)
    line = fractal_noise(x, np.zeros(width), rng, 5) * 0.75 + 0.05
    line = line[None, :] * height
    y = np.arange(height)[:, None]
    depth = np.clip((y - line) / height, 0, 1) ** 0.8
    grain = fractal_noise(
        np.linspace(0, bumps * 9, width)[None, :], np.linspace(0, 9, height)[:, None], rng, 3
    )
    share = np.clip(depth * 1.35 + (grain - 0.5) * 0.16, 0, 1)[..., None]
    colours = np.array(crest, float) + (np.array(foot, float) - np.array(crest, float)) * share
    return to_texture(colours, np.clip((y - line + 0.5) * 255, 0, 255))


def glow(size: int, colour: Colour, core: float, strength: float = 0.55) -> Image:
    """Draws a disc of `core` of the radius with a halo."""
    axis = np.linspace(-1, 1, size)
    radius = np.hypot(axis[None, :], axis[:, None])
    halo = np.clip(1 - radius, 0, 1) ** 2.4 * strength
    disc = np.clip((core - radius) * size / 3, 0, 1)
    alpha = np.maximum(halo, disc) * 255
    colours = np.broadcast_to(np.array(colour, float), (size, size, 3))
    return to_texture(colours, alpha)


def clouds(
    width: int, height: int, light: Colour, rng: np.random.Generator, amount: float
) -> Image:
    """Draws a band of clouds that fades at all edges."""
    x, y = np.linspace(0, 14, width)[None, :], np.linspace(0, 5, height)[:, None]
    thick = np.clip((fractal_noise(x, y, rng, 5) - (0.62 - 0.16 * amount)) * 5, 0, 1)
    edge_y = np.sin(np.linspace(0, np.pi, height))[:, None] ** 0.8
    edge_x = np.clip(np.sin(np.linspace(0, np.pi, width)) * 6, 0, 1)[None, :]
    shade = 0.9 + 0.1 * fractal_noise(x, y + 0.3, rng, 2)
    colours = np.array(light, float) * shade[..., None]
    return to_texture(colours, thick * edge_y * edge_x * 215)


def blob(  # noqa: PLR0917 - a point, two radii and a colour, as Pillow has them
    draw: ImageDraw.ImageDraw, x: float, y: float, rx: float, ry: float, colour: Colour
) -> None:
    """Draws an ellipse around (x, y)."""
    draw.ellipse((x - rx, y - ry, x + rx, y + ry), fill=(*colour, 255))


def tree(
    width: int,
    height: int,
    leaf: Colour,
    trunk: Colour,
    rng: np.random.Generator,
    *,
    shape: str = "round",
) -> Image:
    """Draws a tree that stands on the lower edge: "round", "fir" or "palm"."""

    def paint(draw: ImageDraw.ImageDraw, s: int) -> None:
        w, h = width * s, height * s
        half = w * (0.03 if shape == "palm" else 0.045)
        draw.polygon(
            [
                (w / 2 - half * 1.5, h),
                (w / 2 + half * 1.5, h),
                (w / 2 + half * 0.6, h * 0.3),
                (w / 2 - half * 0.6, h * 0.3),
            ],
            fill=(*trunk, 255),
        )
        {"round": _round_crown, "fir": _fir_crown, "palm": _palm_crown}[shape](
            draw, w, h, leaf, rng
        )

    return draw_shapes(width, height, paint)


def _round_crown(
    draw: ImageDraw.ImageDraw, w: int, h: int, leaf: Colour, rng: np.random.Generator
) -> None:
    dark, light = hue(leaf, 0.02, 1.05, 0.72), hue(leaf, -0.03, 0.9, 1.2)
    balls = [
        (w * (0.5 + 0.27 * np.cos(a)), h * (0.36 + 0.2 * np.sin(a)), w * rng.uniform(0.16, 0.22))
        for a in rng.uniform(0, 2 * np.pi, 16)
    ]
    balls.append((w * 0.5, h * 0.36, w * 0.3))
    for tone, dx, dy, size in (
        (dark, 0.02, 0.03, 1.0),
        (leaf, -0.01, -0.01, 0.88),
        (light, -0.06, -0.06, 0.45),
    ):
        for x, y, r in balls:
            blob(draw, x + dx * w, y + dy * h, r * size, r * size * 0.92, tone)


def _fir_crown(
    draw: ImageDraw.ImageDraw, w: int, h: int, leaf: Colour, rng: np.random.Generator
) -> None:
    for index in range(6):
        top, low = h * (0.03 + 0.125 * index), h * (0.27 + 0.125 * index)
        reach = w * (0.12 + 0.062 * index) * rng.uniform(0.92, 1.08)
        draw.polygon(
            [(w / 2, top), (w / 2 + reach, low), (w / 2 - reach, low)],
            fill=(*hue(leaf, 0.02, 1, 0.75), 255),
        )
        draw.polygon(
            [(w / 2, top), (w / 2 + reach * 0.15, low), (w / 2 - reach, low)], fill=(*leaf, 255)
        )


def _palm_crown(
    draw: ImageDraw.ImageDraw, w: int, h: int, leaf: Colour, rng: np.random.Generator
) -> None:
    for index, angle in enumerate(np.linspace(-0.25, np.pi + 0.25, 11)):
        tone = leaf if index % 2 else hue(leaf, 0.02, 1, 0.72)
        reach = w * rng.uniform(0.4, 0.48)
        tip = (w / 2 + reach * np.cos(angle), h * 0.3 - reach * 0.55 * np.sin(angle) + h * 0.07)
        bend = (
            w / 2 + reach * 0.55 * np.cos(angle),
            h * 0.3 - reach * 0.85 * np.sin(angle) - h * 0.02,
        )
        under = (bend[0], bend[1] + h * 0.06)
        draw.polygon([(w / 2, h * 0.3), bend, tip, under], fill=(*tone, 255))


def tuft(
    width: int, height: int, colour: Colour, rng: np.random.Generator, flower: Colour | None = None
) -> Image:
    """A bunch of grass on the lower edge, now and then with a flower."""

    def paint(draw: ImageDraw.ImageDraw, s: int) -> None:
        w, h = width * s, height * s
        for _ in range(22):
            x = w * rng.uniform(0.25, 0.75)
            tip = x + w * rng.normal(0, 0.14), h * rng.uniform(0.08, 0.6)
            tone = hue(colour, rng.uniform(-0.02, 0.02), 1, rng.uniform(0.75, 1.2))
            draw.polygon([(x - w * 0.018, h), (x + w * 0.018, h), tip], fill=(*tone, 255))
        for _ in range(rng.integers(1, 4) if flower else 0):
            x, y = w * rng.uniform(0.25, 0.75), h * rng.uniform(0.12, 0.4)
            blob(draw, x, y, w * 0.045, w * 0.045, flower or colour)

    return draw_shapes(width, height, paint)


def hazed(texture: Image, haze: Colour, share: float) -> Image:
    """The texture as seen through that much haze."""
    out = texture.astype(np.float32)
    out[..., :3] += (np.array(haze, np.float32) * (out[..., 3:] / 255) - out[..., :3]) * share
    return out.round().astype(np.uint8)


def tiles(
    columns: int, rows: int, paint: Callable[[int, int], Sequence[float]], cell: int
) -> Image:
    """A canvas of `cell`-sized squares, each in the colour that `paint(column, row)` gives."""
    colours = np.array(
        [[paint(column, row) for column in range(columns)] for row in range(rows)], float
    )
    return to_texture(np.kron(colours, np.ones((cell, cell, 1))))
