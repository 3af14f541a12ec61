"""Builds the scene in front of the virtual camera: a meadow, a street or a coast.

The prompt's words choose the place and its hash the layout; the provider chooses light and colours.
Brackets do not count, so that prompts that differ only in camera moves show the same place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import numpy as np
from PIL import ImageDraw

from hailuo_nb.prompts.camera import without_steps
from hailuo_nb.simulator import textures as paint
from hailuo_nb.simulator import walker
from hailuo_nb.simulator.compositing import Image, mipmaps
from hailuo_nb.simulator.looks import LOOKS, Look, tinted
from hailuo_nb.simulator.projection import EYE, Quad, Scene
from hailuo_nb.simulator.textures import Colour, Field, hazed, hue, mix

_WORDS = {
    "street": ("city", "street", "car", "neon", "robot", "cyber", "shop", "rain", "building",
    "subway",
               "城市", "街", "霓虹", "车", "楼", "机器人"),
    "coast": ("sea", "ocean", "beach", "wave", "boat", "ship", "island", "surf", "lake", "shore",
              "海", "沙滩", "浪", "船", "湖", "岛"),
    "meadow": ("grass", "forest", "garden", "field", "mountain", "snow", "hill", "tree", "meadow",
    "flower",
               "草", "森林", "花", "山", "田", "雪"),
}  # fmt: skip


def seed_of(*parts: object) -> int:
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def choose_place(prompt: str) -> str:
    """Returns the place that the prompt's words name, else one by its hash."""
    folded = prompt.lower()
    for place, words in _WORDS.items():
        if any(word in folded for word in words):
            return place
    return sorted(_WORDS)[seed_of(prompt) % len(_WORDS)]


def build_scene(prompt: str, provider: str, take: int) -> Scene:
    """Builds the scene in about half a second; the last four are cached."""
    return _build(" ".join(without_steps(prompt).split()), provider, take)


@lru_cache(maxsize=4)
def _build(prompt: str, provider: str, take: int) -> Scene:
    # All providers show the same place, each in its own light.
    rng = np.random.default_rng(seed_of(prompt, take))
    look = tinted(LOOKS.get(provider, LOOKS["modelverse"]), rng)
    makers: dict[str, Callable[[Look, np.random.Generator], list[Quad]]] = {
        "meadow": _meadow,
        "street": _street,
        "coast": _coast,
    }
    place = choose_place(prompt)
    far = _sky(look, rng)
    quads = far + makers[place](look, rng) + [_walker(prompt, look, rng)]
    # Back to front; distant quads stay behind in their order.
    quads.sort(key=lambda quad: (not quad.distant, 0.0 if quad.distant else -_depth(quad)))
    ground = {"meadow": look.green, "street": _asphalt(look), "coast": look.earth}[place]
    return Scene(quads, look.sky_low, look.sky_top, mix(ground, look.sky_low, 0.45))


def _depth(quad: Quad) -> float:
    """Returns the distance of the far edge; the ground is behind everything."""
    z = quad.origin[2] + max(quad.right[2], 0.0)
    flat = quad.down[1] == 0 and quad.right[1] == 0
    return z + (10_000 if flat else 0)


def _upright_quad(
    texture: Sequence[Image], x: float, z: float, width: float, height: float, *, sink: float = 0.03
) -> Quad:
    """Returns an upright quad facing the camera, with its foot at (x, z)."""
    top = EYE - height * (1 - sink)
    return Quad(texture, (x - width / 2, top, z), (width, 0, 0), (0, height, 0))


def _sky(look: Look, rng: np.random.Generator) -> list[Quad]:
    x, up = look.sun
    sun = mipmaps(paint.glow(256, look.light, 0.16 if not look.dark else 0.2))
    quads = [Quad(sun, (x - 22, -up - 22, 100), (44, 0, 0), (0, 44, 0), distant=True)]
    cloud = mix((255, 255, 255), look.sky_low, 0.25 + 0.55 * look.dark)
    band = mipmaps(paint.clouds(900, 200, cloud, rng, float(rng.uniform(0.3, 1.0))))
    quads.append(Quad(band, (-240, -86, 110), (480, 0, 0), (0, 78, 0), distant=True))
    for distance, height, bumps, share in ((105, 17, 14, 0.62), (100, 9, 22, 0.38)):
        crest = mix(look.hills, look.sky_low, share)
        texture = mipmaps(
            paint.ridge(2200, 110, crest, mix(crest, look.sky_low, 0.75), rng=rng, bumps=bumps)
        )
        quads.append(
            Quad(
                texture, (-320, -height + 0.5, distance), (640, 0, 0), (0, height, 0), distant=True
            )
        )
    return quads


# Bands of ground, coarser with distance: near edge, far edge, half width in metres.
_BANDS = ((-9, 1.2, 12), (1.2, 4, 13), (4, 9, 18), (9, 20, 34), (20, 48, 70), (48, 130, 170))


def _ground(look: Look, rng: np.random.Generator, paint_at: Callable[..., Field]) -> list[Quad]:
    """Returns bands with the colours of `paint_at(x, z, rng)` (metres), hazy in the distance."""
    quads = []
    haze = np.array(look.sky_low, float)
    seed = int(rng.integers(2**32))
    for near, reach, half in _BANDS:
        far = reach * 1.02  # overlaps the next band
        columns, rows = 720, 160
        x = np.linspace(-half, half, columns)[None, :]
        z = np.linspace(far, near, rows)[:, None]
        # The same noise in every band, so that there is no seam.
        colours = paint_at(x, z, np.random.default_rng(seed))
        fade = np.clip((z - 8) / 110, 0, 1)[..., None] ** 0.7 * 0.75
        texture = paint.to_texture(colours + (haze - colours) * fade)
        quads.append(
            Quad(
                mipmaps(texture),
                (-half, EYE, far),
                (2 * half, 0, 0),
                (0, 0, near - far),
                opaque=True,
            )
        )
    return quads


def _meadow(look: Look, rng: np.random.Generator) -> list[Quad]:
    green, dry = np.array(look.green, float), np.array(mix(look.green, look.earth, 0.55), float)
    bend = rng.uniform(-0.9, 0.9)

    def grass(x: Field, z: Field, noise: np.random.Generator) -> Field:
        patch = paint.fractal_noise(x / 3.1, z / 4.3 + 40, noise, 5)[..., None]
        blade = paint.fractal_noise(x * 3, z * 2 + 40, noise, 2)[..., None]
        colours = dry + (green - dry) * np.clip(patch * 1.8 - 0.35, 0, 1)
        path = np.exp(-(((x - 1.5 - bend * np.sin(z / 7)) / (0.55 + z * 0.004)) ** 2))[..., None]
        colours = colours + (np.array(look.earth) - colours) * path * 0.8
        shaded: Field = colours * (0.8 + 0.4 * blade)
        return shaded

    quads = _ground(look, rng, grass)
    kinds = ("fir", "round") if look.fir else ("round", "fir")
    woods = [
        paint.tree(
            150,
            200,
            hue(look.green, t, 1.1, v),
            mix(look.earth, (50, 36, 30), 0.7),
            rng,
            shape=kinds[k],
        )
        for t, v, k in ((0.0, 0.85, 0), (-0.03, 0.95, 0), (0.03, 0.75, 1))
    ]
    quads += _scatter(woods, rng, look, count=46, near=7, far=70, lane=2.4, size=(0.75, 3.1))
    flowers = (look.accent, mix(look.accent, (255, 255, 255), 0.6), None)
    tufts = [paint.tuft(110, 80, hue(look.green, 0, 1, 0.9), rng, flower) for flower in flowers]
    quads += _scatter(tufts, rng, look, count=90, near=-3, far=14, lane=0.55, size=(1.35, 0.42))
    return quads


def _scatter(
    textures: Sequence[Image],
    rng: np.random.Generator,
    look: Look,
    *,
    count: int,
    near: float,
    far: float,
    lane: float,
    size: tuple[float, float],
) -> list[Quad]:
    """Scatters upright quads on both sides of a free lane.

    size  width as a share of the height, and the height in metres
    """
    clear = [
        [mipmaps(hazed(t, look.sky_low, share)) for share in (0.0, 0.25, 0.5)] for t in textures
    ]
    quads = []
    for index in range(count):
        z = near + (far - near) * ((index + rng.random()) / count) ** 1.4
        side = -1 if index % 2 else 1
        x = side * (lane + rng.random() ** 0.8 * (4.5 + max(z, 0) * 0.85))
        height = size[1] * rng.uniform(0.7, 1.3)
        level = min(2, max(0, int(z / 22)))
        quads.append(
            _upright_quad(clear[index % len(clear)][level], x, z, height * size[0], height)
        )
    return quads


def _asphalt(look: Look) -> Colour:
    return mix((92, 94, 102), look.sky_top, 0.25 + 0.3 * look.dark)


def _street(look: Look, rng: np.random.Generator) -> list[Quad]:
    base = np.array(_asphalt(look), float)
    walk = np.array(mix(look.earth, (190, 190, 190), 0.5), float) * (1 - 0.35 * look.dark)

    def road(x: Field, z: Field, noise: np.random.Generator) -> Field:
        grain = paint.fractal_noise(x * 2, z * 2 + 40, noise, 3)[..., None]
        colours = np.where((np.abs(x) > 3.4)[..., None], walk, base) * (0.8 + 0.4 * grain)
        slab = (np.abs(x) > 3.4) & ((np.mod(z, 1.4) < 0.06 + z * 0.002) | (np.mod(x, 1.4) < 0.05))
        colours = np.where(slab[..., None], colours * 0.82, colours)
        line = (np.abs(x) < 0.09 + z * 0.002) & (np.mod(z, 3.0) < 1.5)
        kerb = (np.abs(np.abs(x) - 3.4) < 0.1 + z * 0.001) | line
        return np.where(kerb[..., None], base + (np.array((240, 236, 220)) - base) * 0.75, colours)

    quads = _ground(look, rng, road)
    for side in (-1, 1):
        z, previous_height = -6.0, 99.0
        while z < 68:
            depth, height = rng.uniform(5, 9), rng.uniform(6, 15)
            heights = (previous_height, height)
            quads += _house(look, rng, side=side, place=(z, depth), heights=heights)
            z, previous_height = z + depth + 0.02, height
    lamp = paint.draw_shapes(60, 220, lambda draw, s: _lamp(draw, s, look))
    tree = paint.tree(150, 200, hue(look.green, 0, 1, 0.85), (70, 54, 48), rng)
    for index in range(10):
        z = 2.5 + index * 4.6
        level = hazed(lamp if index % 2 else tree, look.sky_low, min(0.6, z / 90))
        size = (1.0, 3.6) if index % 2 else (2.0, 2.7)
        quads += [
            _upright_quad(mipmaps(level), side * 3.9, z + (side > 0) * 2.3, *size)
            for side in (-1, 1)
        ]
    return quads


def _lamp(draw: ImageDraw.ImageDraw, s: int, look: Look) -> None:
    draw.rectangle((28 * s, 30 * s, 32 * s, 220 * s), fill=(60, 62, 70, 255))
    for reach, strength in ((26, 50), (18, 90)):
        draw.ellipse(
            ((30 - reach) * s, (26 - reach) * s, (30 + reach) * s, (26 + reach) * s),
            fill=(*look.light, int(strength * look.dark)),
        )
    paint.blob(draw, 30 * s, 26 * s, 10 * s, 10 * s, mix(look.light, (255, 255, 255), 0.3))


def _house(
    look: Look,
    rng: np.random.Generator,
    *,
    side: int,
    place: tuple[float, float],
    heights: tuple[float, float],
) -> list[Quad]:
    """Returns a front along the street, and the end wall above the previous house."""
    (z, depth), (previous_height, height) = place, heights
    wall = hue(
        mix(look.earth, look.accent, float(rng.uniform(0, 0.55))),
        float(rng.uniform(-0.05, 0.05)),
        0.8,
        (1.0 - 0.5 * look.dark) * float(rng.uniform(0.75, 1.05)),
    )
    glass = mix(look.sky_top, (30, 40, 60), 0.45)
    lit = mix(look.light, (255, 214, 120), 0.6)
    share = 0.12 + 0.5 * look.dark

    floors = max(2, round(height / 2.6))
    columns, rows = 3 * max(1, round(depth / 1.7)) + 1, 4 * floors
    windows = rng.random((rows, columns)) < share

    def at(c: int, r: int) -> Sequence[float]:
        if c % 3 and r % 4 in (1, 2):
            return lit if windows[r // 4 * 4, c // 3 * 3] else glass
        return mix(wall, look.accent, 0.6) if r == rows - 4 else wall

    haze = min(0.7, max(0.0, (z + 4) / 95))
    front = mipmaps(hazed(paint.tiles(columns, rows, at, 6), look.sky_low, haze))
    x, top = side * 5.0, EYE - height
    quads = [Quad(front, (x, top, z), (0, 0, depth), (0, height, 0))]
    if height > previous_height:
        wall_texture = hazed(
            paint.tiles(1, 1, lambda c, r: hue(wall, 0, 1, 0.72), 8), look.sky_low, haze
        )
        left = x if side > 0 else x - 4.5
        quads.append(
            Quad(
                mipmaps(wall_texture), (left, top, z), (4.5, 0, 0), (0, height - previous_height, 0)
            )
        )
    return quads


def _coast(look: Look, rng: np.random.Generator) -> list[Quad]:
    shore = rng.uniform(7.5, 9.5)
    quads = _ground(look, rng, partial(_beach, look=look, shore=shore))
    palm = paint.tree(
        170, 220, hue(look.green, 0, 1, 0.9), mix(look.earth, (60, 40, 30), 0.6), rng, shape="palm"
    )
    rock = paint.draw_shapes(140, 80, lambda draw, s: _rock(draw, s, look, rng))
    tones = (
        mix(look.earth, (255, 255, 255), 0.75),
        mix(look.earth, (40, 34, 40), 0.6),
        look.accent,
    )
    shells = [paint.draw_shapes(60, 34, partial(_shells, tone=tone)) for tone in tones]
    boat = paint.draw_shapes(160, 190, lambda draw, s: _boat(draw, s, look))
    quads += _scatter([palm], rng, look, count=14, near=2.0, far=7.4, lane=2.3, size=(0.8, 3.2))
    quads += _scatter([rock], rng, look, count=22, near=-1.5, far=8.0, lane=0.9, size=(1.8, 0.36))
    quads += _scatter(shells, rng, look, count=70, near=0.5, far=7.5, lane=0.3, size=(1.8, 0.11))
    for index in range(5):
        z = 16 + index * 9.0
        texture = mipmaps(hazed(boat, look.sky_low, min(0.55, z / 100)))
        quads.append(
            _upright_quad(texture, float(rng.uniform(-0.55, 0.55)) * z, z, 2.6, 3.1, sink=0.02)
        )
    return quads


def _beach(x: Field, z: Field, noise: np.random.Generator, *, look: Look, shore: float) -> Field:
    """The colours of sand, sea and foam at these places of the ground."""
    deep = np.array(mix(look.sky_top, (24, 92, 116), 0.55), float)
    bright = np.array(mix(look.sky_low, look.light, 0.4), float)
    line = shore + 1.1 * np.sin(x / 5.3) + 0.4 * np.sin(x / 1.9 + 1)
    wave = paint.fractal_noise(x / (0.55 + z * 0.035), z / (0.45 + z * 0.04) + 40, noise, 3)
    grain = paint.fractal_noise(x * 2.6, z * 1.6 + 40, noise, 4)
    water = deep + (bright - deep) * np.clip(wave * 1.9 - 0.7 + z / 260, 0, 1)[..., None]
    glitter = np.exp(-(((x - look.sun[0] / 100 * z) / (0.12 * z + 0.5)) ** 2)) * np.clip(
        wave * 2.4 - 1, 0, 1
    )
    water = water + (np.array(look.light) - water) * np.clip(glitter, 0, 1)[..., None] * 0.8
    dry = np.array(look.earth, float) * (0.82 + 0.36 * grain[..., None])
    wet = np.clip((z - line + 1.6) / 1.6, 0, 1)[..., None]
    dry = dry * (1 - 0.35 * wet)
    foam = np.exp(-((np.mod(z - line, 2.2) / 0.16) ** 2)) * (z > line) * (z < line + 5)
    foam = foam * (wave > 0.4)
    colours = np.where((z > line)[..., None], water, dry)
    foamy: Field = colours + (255 - colours) * np.clip(foam, 0, 1)[..., None] * 0.85
    return foamy


def _rock(draw: ImageDraw.ImageDraw, s: int, look: Look, rng: np.random.Generator) -> None:
    tone = mix(look.hills, look.earth, 0.4)
    for x, r, light in ((50, 44, 0.75), (92, 36, 0.9), (66, 30, 1.08)):
        paint.blob(draw, x * s, 80 * s, r * s, r * s * 1.3, hue(tone, 0, 0.8, light))


def _shells(draw: ImageDraw.ImageDraw, s: int, *, tone: Colour) -> None:
    for x, r in ((18, 12), (40, 9), (52, 5)):
        paint.blob(draw, x * s, (33 - r * 0.7) * s, r * s, r * s * 0.7, hue(tone, 0, 1, 0.7))
        paint.blob(draw, (x - 1) * s, (32 - r * 0.9) * s, r * s * 0.8, r * s * 0.5, tone)


def _boat(draw: ImageDraw.ImageDraw, s: int, look: Look) -> None:
    sail = mix((255, 255, 255), look.sky_low, 0.25)
    draw.polygon([(84 * s, 8 * s), (84 * s, 148 * s), (22 * s, 148 * s)], fill=(*sail, 255))
    draw.polygon(
        [(90 * s, 28 * s), (90 * s, 148 * s), (136 * s, 148 * s)], fill=(*look.accent, 255)
    )
    draw.rectangle((85 * s, 4 * s, 89 * s, 160 * s), fill=(70, 56, 50, 255))
    draw.polygon(
        [(16 * s, 158 * s), (146 * s, 158 * s), (124 * s, 188 * s), (38 * s, 188 * s)],
        fill=(78, 52, 44, 255),
    )


def _walker(prompt: str, look: Look, rng: np.random.Generator) -> Quad:
    kind = walker.choose_kind(prompt)
    width, height = walker.SIZES[kind]
    pictures = walker.walk_cycle(kind, rng, 1.0 - 0.25 * look.dark)
    quad = _upright_quad(pictures[0], -0.7, 7.0, width * 1.15, height * 1.15, sink=0.04)
    return Quad(
        pictures[0], quad.origin, quad.right, quad.down, walks=True, cycle=pictures, stride=0.07
    )
