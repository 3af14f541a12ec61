"""Clips with a known camera for the adherence benchmark: the simulator's stage, filmed badly on
purpose.

Unlike the simulator it varies lens, speed, walkers, grain, hand shake, compression and the length
of brackets, burns nothing in, and has places of its own (`room`, and the hard ones `vista` and
`poster`) that nothing was tuned on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from hailuo_nb.prompts.camera import Step, parse
from hailuo_nb.simulator import textures
from hailuo_nb.simulator.camera_path import Pose, pose_at
from hailuo_nb.simulator.compositing import mipmaps, opencv
from hailuo_nb.simulator.projection import EYE, Quad, Scene, SceneRenderer
from hailuo_nb.simulator.scene import build_scene

WORDS = {"meadow": "grass", "street": "street", "coast": "beach"}
LOOKS = ("ppinfra", "modelverse", "chanjing", "xcompute")


@dataclass(frozen=True)
class Shot:
    """One clip. `bounds` are the seconds at which its brackets begin, and the end of the last."""

    name: str
    place: str
    look: str
    seed: int
    prompt: str
    bounds: tuple[float, ...]
    speed: float = 1.0
    lens: float = 0.9
    walkers: int = 1
    grain: float = 0.0
    hands: float = 0.0
    crf: int = 23
    fps: int = 24
    size: tuple[int, int] = (640, 360)


def draw(
    rng: np.random.Generator,
    name: str,
    *,
    places: tuple[str, ...],
    looks: tuple[str, ...],
    prompt: str,
    **fixed: Any,
) -> Shot:
    """A shot by chance: conditions as camera.md 2.3 has them, brackets of 1.5 to 3 s."""
    steps = parse(prompt)
    lengths = rng.uniform(1.5, 3.0, len(steps))
    lengths *= 2.0 * len(steps) / lengths.sum()
    return Shot(
        **{
            "name": name,
            "place": str(rng.choice(places)),
            "look": str(rng.choice(looks)),
            "seed": int(rng.integers(2**31)),
            "prompt": prompt,
            "bounds": tuple(np.round(np.r_[0, np.cumsum(lengths)], 3).tolist()),
            "speed": float(rng.uniform(0.5, 1.8)),
            "lens": float(rng.uniform(0.75, 1.4)),
            "walkers": int(rng.integers(0, 4)),
            "grain": float(rng.choice([0, 4, 8])),
            "hands": float(rng.uniform(0, 0.25)),
            "crf": int(rng.choice([20, 28, 34])),
            "fps": int(rng.choice([24, 25])),
            **fixed,
        }
    )


def film(shot: Shot, path: Path) -> Path:
    """Render and encode it, unless it is there."""
    if path.exists():
        return path
    import av

    rng = np.random.default_rng(shot.seed)
    stage = SceneRenderer(scene_of(shot, rng), shot.size, opencv())
    part = path.with_suffix(".part")
    grain = [
        rng.normal(0, shot.grain, (shot.size[1], shot.size[0])).astype(np.float32) for _ in range(5)
    ]
    with av.open(str(part), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=shot.fps)
        stream.width, stream.height = shot.size
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast", "crf": str(shot.crf)}
        for index in range(round(shot.bounds[-1] * shot.fps)):
            picture = stage.draw(pose_of(shot, index / shot.fps))
            if shot.grain:
                # Five sheets, each time another and shifted: grain that does not stand still.
                sheet = np.roll(grain[index % 5], int(rng.integers(9999)))
                picture = np.clip(picture + sheet[..., None], 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, shot.fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return part.replace(path)


def pose_of(shot: Shot, t: float) -> Pose:
    """The camera: each bracket's way, one after the other, and the hands that hold it."""
    total = np.zeros(6)
    zoom = figure = 0.0
    for step, begin, end in zip(parse(shot.prompt), shot.bounds, shot.bounds[1:], strict=False):
        there = pose_at((step,), t - begin, end - begin)
        total += (there.x, there.y, there.z, there.yaw, there.pitch, there.roll)
        zoom += math.log(there.zoom)
        figure += there.figure
    pace = 1.0 if _shakes(shot, t) else shot.speed
    x, y, z, yaw, pitch, roll = total * pace
    held = _hands(shot, t)
    return Pose(
        x + held[0],
        y + held[1],
        z,
        yaw + held[2],
        pitch + held[3],
        roll + held[4],
        math.exp(zoom * shot.speed) * shot.lens / 0.9,
        figure * max(shot.speed, 0.5),
    )


def _shakes(shot: Shot, t: float) -> bool:
    steps: list[Step] = parse(shot.prompt)
    return any(
        begin <= t < end and any(move.key == "shake" for move in step.moves) and len(steps) == 1
        for step, begin, end in zip(steps, shot.bounds, shot.bounds[1:], strict=False)
    )


def _hands(shot: Shot, t: float) -> tuple[float, ...]:
    """An unsteady hand: `hands` 1 would be as much as a shake that was asked for."""
    a = shot.seed % 97
    turn, shift = math.radians(0.5) * shot.hands, 0.012 * shot.hands

    def wave(slow: float, fast: float, phase: float) -> float:
        return math.sin(6.283 * slow * t + phase + a) + 0.6 * math.sin(
            6.283 * fast * t + 2 * phase + a
        )

    return (
        shift * wave(0.9, 2.7, 0),
        shift * wave(1.1, 2.3, 1),
        turn * wave(0.8, 3.3, 2),
        turn * wave(1.0, 2.9, 3),
        turn / 2 * wave(0.6, 2.1, 4),
    )


def scene_of(shot: Shot, rng: np.random.Generator) -> Scene:
    if shot.place in WORDS:
        scene = build_scene(f"{WORDS[shot.place]} {shot.seed}", shot.look, shot.seed % 1000)
    else:
        scene = {"room": _room, "vista": _vista, "poster": _poster}[shot.place](rng)
    walkers = [quad for quad in scene.quads if quad.walks] or [
        quad for quad in build_scene(f"{shot.seed}", shot.look, 1).quads if quad.walks
    ]
    others = [quad for quad in scene.quads if not quad.walks]
    if shot.place in ("vista", "poster"):
        return replace(scene, quads=others)
    for _ in range(shot.walkers):
        far = float(rng.uniform(3.0, 8.0))
        one = walkers[0]
        others.append(
            replace(one, origin=(float(rng.uniform(-0.5, 0.4)) * far, one.origin[1], far))
        )
    # Painter's order for what was added: behind nothing that stands before it.
    return replace(scene, quads=sorted(others, key=_order))


def _order(quad: Quad) -> tuple[bool, bool, float]:
    """The far and the flat as they are, then what stands upright from far to near."""
    lies = quad.down[1] == 0 or quad.right[0] == 0
    fixed = quad.distant or lies
    return not quad.distant, not lies, 0.0 if fixed else -quad.origin[2]


def _texture(rng: np.random.Generator, rows: int, columns: int, grain: float) -> Any:
    """A wallpaper by chance: blots of several sizes over stripes, two colours."""
    one, two = rng.uniform(30, 225, 3), rng.uniform(30, 225, 3)
    y, x = np.mgrid[0:rows, 0:columns].astype(float)
    blots = textures.fractal_noise(x / grain, y / grain, rng, 4)
    stripes = (
        np.sin(x * rng.uniform(0.02, 0.12)) * np.sin(y * rng.uniform(0.02, 0.12))
        > rng.uniform(0, 0.7)
    ) * 0.35
    share = np.clip(blots * 1.6 - 0.3 + stripes, 0, 1)[..., None]
    return mipmaps(textures.to_texture(one + (two - one) * share))


def _room(rng: np.random.Generator) -> Scene:
    """Five walls and crates: unlike the simulator's places it has a ceiling, and nothing far
    away."""
    deep, half, high = rng.uniform(6, 11), rng.uniform(2.2, 3.6), rng.uniform(1.3, 2.2)
    wall = [_texture(rng, 420, 640, float(rng.uniform(14, 50))) for _ in range(4)]
    back, front = float(deep), -3.0
    quads = [
        Quad(wall[0], (-half, -high, back), (2 * half, 0, 0), (0, high + EYE, 0)),
        Quad(wall[1], (-half, EYE, back), (2 * half, 0, 0), (0, 0, front - back)),
        Quad(wall[2], (-half, -high, front), (2 * half, 0, 0), (0, 0, back - front)),
        Quad(wall[3], (-half, -high, front), (0, 0, back - front), (0, high + EYE, 0)),
        Quad(wall[3], (half, -high, front), (0, 0, back - front), (0, high + EYE, 0)),
    ]
    for z in sorted(rng.uniform(2.0, deep - 0.5, 9), reverse=True):
        width, height = rng.uniform(0.4, 1.1, 2)
        x = float(rng.uniform(0.25, 0.8) * rng.choice([-1, 1]) * half)
        quads.append(
            Quad(
                _texture(rng, 160, 160, 22.0),
                (x - width / 2, EYE - height, float(z)),
                (width, 0, 0),
                (0, height, 0),
            )
        )
    return Scene(quads, (40, 40, 44), (40, 40, 44), (40, 40, 44))


def _vista(rng: np.random.Generator) -> Scene:
    """Nothing nearer than 120 m."""
    quads = []
    for z in (420.0, 300.0, 210.0, 150.0):
        crest = textures.ridge(
            2200, 260, tuple(rng.integers(40, 200, 3).tolist()), (200, 205, 210), rng=rng, bumps=40
        )
        spots = textures.fractal_noise(
            *np.meshgrid(np.arange(2200) / 22.0, np.arange(260) / 22.0), rng, 4
        )
        crest = (crest * np.clip(0.55 + 0.8 * spots, 0, 1)[..., None]).astype(np.uint8)
        quads.append(
            Quad(mipmaps(crest), (-z * 1.8, -z * 0.12, z), (z * 3.6, 0, 0), (0, z * 0.42, 0))
        )
    return Scene(quads, (205, 220, 238), (90, 140, 210), (90, 100, 84))


def _poster(rng: np.random.Generator) -> Scene:
    """One flat picture of a scene, seen straight on."""
    place = str(rng.choice(list(WORDS)))
    inner = SceneRenderer(
        build_scene(f"{WORDS[place]} {int(rng.integers(9999))}", str(rng.choice(LOOKS)), 3),
        (1600, 1200),
        opencv(),
    )
    picture = inner.draw(Pose(zoom=0.8))
    sheet = np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
    return Scene(
        [Quad(mipmaps(sheet), (-6.0, -4.5, 4.2), (12.0, 0, 0), (0, 9.0, 0))],
        (0, 0, 0),
        (0, 0, 0),
        (0, 0, 0),
    )
