"""Small clips with their frame number drawn in them, and rows of a board that shows them. For
tests, quick to make.

The number stands as twelve black or white blocks along the upper edge, lowest bit first: a canvas
reads it back.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, FPS = 192, 108, 24
BITS = 12
BLOCK = WIDTH // BITS

PROVIDERS = ["ppinfra", "modelverse", "chanjing", "xcompute"]
TITLES = ["PPInfra", "Modelverse", "Chanjing", "X-Compute"]
PROMPTS = [
    "A red fox trots across a snowy meadow at dawn [Push in]",
    "A red fox sleeps in a snowy meadow at dusk [Truck left,Pan right]",
    "一只猫在屋顶上散步，夕阳西下 [推进]",
]

READ_FRAME = f"""(video) => {{
  const canvas = document.createElement('canvas');
  canvas.width = {WIDTH}; canvas.height = {HEIGHT};
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  let number = 0;
  for (let bit = 0; bit < {BITS}; bit += 1) {{
    const pixel = context.getImageData(bit * {BLOCK} + {BLOCK // 2}, 6, 1, 1).data;
    if (pixel[0] + pixel[1] + pixel[2] > 384) number += 2 ** bit;
  }}
  return number;
}}"""


def picture(number: int, colour: tuple[int, int, int]) -> Any:
    """One frame: a scene in one colour with a ball that moves, and the number along its upper
    edge."""
    import numpy as np

    image = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    image[:] = np.array(colour) * np.linspace(0.35, 1, HEIGHT)[:, None, None]
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    at = 20 + (number * 2) % (WIDTH - 40)
    image[(rows - 70) ** 2 + (columns - at) ** 2 < 14**2] = (250, 240, 200)
    for bit in range(BITS):
        image[:12, bit * BLOCK : (bit + 1) * BLOCK] = 255 if number >> bit & 1 else 0
    return image


def write_clip(path: Path, colour: tuple[int, int, int], seconds: float = 3) -> Path:
    """An MP4 (H.264, 24 frames a second) whose frame n has the number n in it."""
    import av

    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream(
            "libx264", rate=FPS, options={"preset": "ultrafast", "crf": "18", "g": "24"}
        )
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(round(seconds * FPS)):
            frame = av.VideoFrame.from_ndarray(picture(number, colour), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def colour(index: int) -> tuple[int, int, int]:
    """Different for every small index."""
    import colorsys

    red, green, blue = colorsys.hsv_to_rgb(index * 0.137 % 1, 0.55, 0.75)
    return round(red * 255), round(green * 255), round(blue * 255)


def poster(index: int) -> str:
    """A small JPEG as a data URL."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(picture(0, colour(index))).save(buffer, "JPEG")
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def row(index: int, **changes: Any) -> dict[str, Any]:
    """A saved clip: every third prompt, provider by provider, with its file at clips/<index %
    9>.mp4."""
    which = index // 3 % 4
    made: dict[str, Any] = {
        "id": f"job-{index}",
        "prompt": PROMPTS[index % 3],
        "provider": f"simulated:{PROVIDERS[which]}",
        "provider_title": TITLES[which],
        "simulated": True,
        "model": "MiniMax-Hailuo-02" if which % 2 else "MiniMax-Hailuo-2.3",
        "duration": 6 + index % 2 * 4,
        "state": "saved",
        "progress": 1.0,
        "cost": "free (simulated)",
        "video": f"clips/{index % 9}.mp4",
        "bytes": 30_000 + index,
        "submitted_at": 1000.0,
        "finished_at": 1030.0 + index,
        "fps": 24.0,
        "poster": poster(index % 9),
        "camera": ["Push in", "Truck left + Pan right", "Push in"][index % 3],
    }
    return made | changes


def write_clips(folder: Path, count: int = 9, seconds: float = 3) -> None:
    """clips/0.mp4 and so on, below `folder`."""
    for index in range(count):
        write_clip(folder / "clips" / f"{index}.mp4", colour(index), seconds)
