"""What the dialects share: the shape of a dialect, a refusal, and readers for the fields of a body.

A reader raises `RefusalError`; the dialect says it in its
provider's words.
"""

from __future__ import annotations

import asyncio
import io
import json
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hailuo_nb.simulator.storage import parse_data_url
from hailuo_nb.simulator.tasks import Simulator, Task

RefusalKind = Literal[
    "invalid", "auth", "balance", "rate", "server", "unknown_model", "unknown_task", "moderation"
]

WRONG_KEY = "wrong-key"
"""A key (for Chanjing: an app_id or secret_key) that no provider here knows: try a 401 by hand."""
NO_BALANCE = "no-balance"
"""A key whose account is empty."""

MAX_PROMPT = 2000  # characters, on all four pages but Chanjing's, which is silent
MAX_FRAME_BYTES = 20 * 1024 * 1024  # Modelverse's page
RATIOS = ("21:9", "16:9", "4:3", "1:1", "3:4", "9:16")
"""Of H3's clips, as MiniMax's page has them."""
# Of the shorter side. That 2K is 1440 is assumed.
_LINES = {"480P": 480, "512P": 512, "720": 720, "768P": 768, "1080P": 1080, "2K": 1440}


def size(resolution: str, ratio: str = "16:9") -> tuple[int, int]:
    """Width and height in pixels, both even. `ratio` is one of `RATIOS`."""
    width, height = map(int, ratio.split(":"))
    unit = _LINES[resolution] / min(width, height)
    return round(width * unit / 2) * 2, round(height * unit / 2) * 2


SIZES = {resolution: size(resolution) for resolution in _LINES}
"""Of clips at 16:9."""


class RefusalError(Exception):
    """The provider says no. `message` is the particular reason; the dialect may put its own words
    around it."""

    def __init__(self, kind: RefusalKind, message: str = "") -> None:
        super().__init__(message)
        self.kind: RefusalKind = kind
        self.message = message


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path of an API. `submits` marks the call that makes a task."""

    method: str
    path: str
    answer: Callable[[Simulator, Request], Awaitable[Response]]
    submits: bool = False


class Dialect(Protocol):
    """One provider's API as its page prints it.

    It may have `hosts`, names at which its paths go before those of the others.
    """

    name: str
    title: str

    def endpoints(self) -> Sequence[Endpoint]: ...

    def refuse(self, refusal: RefusalError, retry_after: int | None = None) -> JSONResponse:
        """The refusal in the provider's error body."""
        ...


def bearer(request: Request, wanted: str = "bearer") -> str:
    """The key of `Authorization: Bearer <key>`, or of another scheme. Raises RefusalError(auth)
    without one, or for `WRONG_KEY`."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != wanted or not key.strip() or key.strip() == WRONG_KEY:
        raise RefusalError("auth")
    return key.strip()


async def json_body(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises RefusalError(invalid)."""
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise RefusalError("invalid", "the body is not JSON") from None
    if not isinstance(body, dict):
        raise RefusalError("invalid", "the body is not a JSON object")
    return body


def section(body: Mapping[str, Any], name: str, *, required: bool) -> dict[str, Any]:
    """A nested object of a body; an empty one where it may be missing."""
    value = body.get(name)
    if value is None and not required:
        return {}
    if not isinstance(value, dict):
        raise RefusalError("invalid", f"{name} must be an object")
    return value


def text(body: Mapping[str, Any], name: str, *, maximum: int = MAX_PROMPT) -> str:
    """A required text of 1 to `maximum` characters (code points)."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise RefusalError("invalid", f"{name} is required")
    if len(value) > maximum:
        raise RefusalError(
            "invalid", f"{name} has {len(value)} characters, at most {maximum} are allowed"
        )
    return value


def one_of(body: Mapping[str, Any], name: str, allowed: Sequence[Any], default: Any) -> Any:
    """A value out of a few, of the same type: 6 is no "6" and true is no 1. `default` None makes it
    required."""
    value = body.get(name, default)
    if value is None and default is not None:
        value = default
    if not any(type(value) is type(item) and value == item for item in allowed):
        words = ", ".join(json.dumps(item) for item in allowed)
        raise RefusalError("invalid", f"{name} must be one of {words}")
    return value


def switch(body: Mapping[str, Any], name: str) -> bool | None:
    """A true or false that may be missing."""
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise RefusalError("invalid", f"{name} must be true or false")
    return value


async def frame(
    sim: Simulator, body: Mapping[str, Any], name: str, *, required: bool = False
) -> str:
    """A frame as a link, or stored from its data URL; "" where it may be missing. Returns what goes
    into a task."""
    value = body.get(name)
    if value is None or value == "":
        if required:
            raise RefusalError("invalid", f"{name} is required for this model")
        return ""
    if not isinstance(value, str):
        raise RefusalError("invalid", f"{name} must be a link or a data URL")
    if value.startswith(("http://", "https://")):
        return value
    return await asyncio.to_thread(_store_data_url, sim, name, value)


def _store_data_url(sim: Simulator, name: str, url: str) -> str:
    found = parse_data_url(url)
    if found is None:
        raise RefusalError(
            "invalid", f"{name} is neither a link nor a data URL of a JPG, PNG or WebP image"
        )
    data, media_type = found
    check_picture(data, name)
    return sim.store_frame(data, media_type)


def check_picture(data: bytes, name: str) -> None:
    """Size, short side and ratio of a frame as Modelverse's page has them. Raises
    RefusalError(invalid)."""
    from PIL import Image

    if len(data) > MAX_FRAME_BYTES:
        raise RefusalError("invalid", f"{name} has {len(data)} bytes, at most 20 MB are allowed")
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except Exception:
        raise RefusalError("invalid", f"{name} is not an image that can be read") from None
    if min(width, height) <= 300:
        raise RefusalError(
            "invalid", f"{name} is {width}x{height}; the short side must be over 300 pixels"
        )
    if not 2 / 5 <= width / height <= 5 / 2:
        raise RefusalError(
            "invalid", f"{name} is {width}x{height}; the ratio must be between 2:5 and 5:2"
        )


def nearest_ratio(sim: Simulator, name: str) -> str:
    """The one of `RATIOS` that a frame of a task is closest to: what "adaptive" comes to. 16:9 for
    a link, which is never fetched."""
    from PIL import Image

    data = sim.load_frame(name)
    if data is None:
        return "16:9"
    with Image.open(io.BytesIO(data)) as picture:
        wanted = math.log(picture.width / picture.height)
    sizes = {ratio: size("768P", ratio) for ratio in RATIOS}
    return min(RATIOS, key=lambda one: abs(math.log(sizes[one][0] / sizes[one][1]) - wanted))


def h3_frames(seconds: int) -> int:
    """How many frames a clip of H3 has, 24 a second: the next 17 n + 5, 107 to 362 for 4 to 15 s
    (MiniMax's page on regeneration)."""
    return 17 * -(-(seconds * 24 - 5) // 17) + 5


def refuse_long_full_hd(duration: int, full_hd: bool) -> None:
    """All pages: 1080P is sold at 6 seconds only."""
    if full_hd and duration != 6:
        raise RefusalError("invalid", "resolution 1080P supports a duration of 6 seconds only")


def link_base(sim: Simulator, request: Request) -> str:
    """Where links of this simulator begin, without a slash at the end."""
    base: str | None = request.app.state.link_base
    return (base or str(request.base_url)).rstrip("/")


def video_link(sim: Simulator, request: Request, task: Task, expires: float) -> str:
    """A link to a task's clip that is good until `expires`."""
    stamp = int(expires)
    return (
        f"{link_base(sim, request)}/videos/{task.video_id}.mp4"
        f"?expires={stamp}&signature={sign(task.video_id, stamp)}"
    )


def sign(identity: str, stamp: int) -> str:
    """Ties an expiry to a link. The identity is random and secret, so a plain hash
    will do here."""
    import hashlib

    return hashlib.sha256(f"{identity}:{stamp}".encode()).hexdigest()[:20]
