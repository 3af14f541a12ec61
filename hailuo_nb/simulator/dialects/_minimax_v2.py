"""What a request to MiniMax's API V2 holds: its `content`, ratio and extras. For the dialect.

Written from the page video-generation-v2-create: 30 MB and 256 to 5,760 pixels a picture, 7,000
characters of text, frames or references. From MiniMax's own command line (MiniMax-AI/cli): twelve
references together, and no sound alone.
"""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from hailuo_nb.simulator.dialects import common
from hailuo_nb.simulator.dialects.common import RefusalError
from hailuo_nb.simulator.storage import parse_data_url
from hailuo_nb.simulator.tasks import Simulator

MAX_REFERENCES = 12
MAX_PROMPT = 7000
MAX_BODY = 64 * 1024 * 1024
FRAMES = {seconds: 17 * -(-(seconds * 24 - 5) // 17) + 5 for seconds in range(4, 16)}
"""Frames of a clip of H3: 107 to 362 in steps of 17, by the page on regeneration."""

# Both sides are divisible by 32, and 1344 x 768 is the largest area (page on regeneration).
_SIZES_768 = {
    "21:9": (1536, 672),
    "16:9": (1344, 768),
    "4:3": (1024, 768),
    "1:1": (768, 768),
    "3:4": (768, 1024),
    "9:16": (768, 1344),
}
_ROLES = {
    "first_frame": "image_url",
    "last_frame": "image_url",
    "reference_image": "image_url",
    "reference_video": "video_url",
    "reference_audio": "audio_url",
    "base_video": "video_url",
}
_MAX_REFERENCES = {"reference_image": 9, "reference_video": 3, "reference_audio": 3}


async def read_body(request: Request) -> dict[str, Any]:
    if len(await request.body()) > MAX_BODY:
        raise RefusalError("invalid", "the body is larger than 64 MB")
    return await common.json_body(request)


@dataclass(slots=True)
class Content:
    """The `content` of a request: its text, its frames as a task keeps them, what else is there."""

    text: str = ""
    first: str = ""
    last: str = ""
    references: int = 0
    images: int = 0


async def read_content(sim: Simulator, body: Mapping[str, Any], *, base: bool = False) -> Content:
    items = body.get("content")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise RefusalError("invalid", "content must be a list of objects")
    texts = [item for item in items if item.get("type") == "text"]
    if len(texts) != 1:
        raise RefusalError("invalid", "content must include a non-empty text item")
    found = Content(common.text(texts[0], "text", maximum=40_000 if base else MAX_PROMPT))
    roles: Counter[str] = Counter()
    for item in (item for item in items if item is not texts[0]):
        role = item.get("role") or "first_frame"
        if role not in _ROLES or _ROLES[role] != item.get("type"):
            raise RefusalError("invalid", f"{item.get('type')!r} with the role {role!r}")
        roles[role] += 1
        stored = await asyncio.to_thread(_medium, sim, item, role)
        found.images += item["type"] == "image_url"
        found.first = stored if role == "first_frame" else found.first
        found.last = stored if role == "last_frame" else found.last
    found.references = sum(roles[role] for role in _MAX_REFERENCES)
    if found.references and (roles["first_frame"] or roles["last_frame"]):
        raise RefusalError("invalid", "frames and references cannot be mixed")
    if roles["reference_audio"] == found.references > 0:
        raise RefusalError("invalid", "a reference_audio needs a reference_image or _video")
    if found.references > MAX_REFERENCES:
        raise RefusalError("invalid", f"at most {MAX_REFERENCES} references together")
    for role, most in {
        "first_frame": 1,
        "last_frame": 1,
        "base_video": int(base),
        **_MAX_REFERENCES,
    }.items():
        if roles[role] > most:
            raise RefusalError("invalid", f"at most {most} items with the role {role}")
    if base and not roles["base_video"]:
        raise RefusalError("invalid", "content needs one item with the role base_video")
    return found


def _medium(sim: Simulator, item: Mapping[str, Any], role: str) -> str:
    """A picture as a link or stored; of clips and sounds nothing is kept."""
    url = common.section(item, item["type"], required=True).get("url")
    if not isinstance(url, str) or not url.startswith(
        ("https://", "http://", "mm_file://", "data:")
    ):
        raise RefusalError("invalid", f"{role} has no url")
    if item["type"] != "image_url" or not url.startswith("data:"):
        return url
    parsed = parse_data_url(url)
    if parsed is None:
        raise RefusalError("invalid", f"{role} is no image")
    data, media_type = parsed
    _check_picture(data, role)
    return sim.store_frame(data, media_type)


def _check_picture(data: bytes, role: str) -> None:
    from PIL import Image

    if len(data) > 30 * 1024 * 1024:
        raise RefusalError("invalid", f"{role} is larger than 30 MB")
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except Exception:
        raise RefusalError("invalid", f"{role} is not an image that can be read") from None
    if min(width, height) < 256 or max(width, height) > 5760:
        raise RefusalError("invalid", f"{role} is {width}x{height}; a side has 256 to 5760 pixels")
    if not 0.4 <= width / height <= 2.5:
        raise RefusalError("invalid", f"{role} is {width}x{height}; its ratio must be 0.4 to 2.5")


def ratio_of(sim: Simulator, body: Mapping[str, Any], content: Content) -> str:
    """The ratio that the clip gets."""
    ratio: str = common.one_of(body, "ratio", ("adaptive", *common.RATIOS), "adaptive")
    if content.first or content.last:
        return common.nearest_ratio(sim, content.first or content.last)
    if ratio != "adaptive":
        return ratio
    if not content.references:
        raise RefusalError("invalid", "ratio is required for text-to-video and is not adaptive")
    return "16:9"


def check_extra(body: Mapping[str, Any], model: str) -> None:
    extra = common.section(body, "extra", required=False)
    if extra and (model != "MiniMax-H3-Max" or extra.keys() != {"prompt_expansion_mode"}):
        raise RefusalError("invalid", "extra")
    if extra:
        common.one_of(extra, "prompt_expansion_mode", ("disabled", "balanced", "quality"), None)


def size(resolution: str, ratio: str) -> tuple[int, int]:
    return _SIZES_768[ratio] if resolution == "768P" else common.size(resolution, ratio)
