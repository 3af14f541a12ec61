"""What each client is to do, and what our adapter sends for the same clip."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "peers"
PROMPT = "A cat runs on grass [Push in]"
H3_PROMPT = "A cat runs on grass. The camera pushes in slowly."
_23 = VideoRequest(PROMPT, "MiniMax-Hailuo-2.3")
_H3 = VideoRequest(H3_PROMPT, "MiniMax-H3", resolution="768P", duration=5, ratio="16:9")
_BY_HAND = "it has no command for Hailuo: its calls, with a body written after the page"


@dataclass(frozen=True)
class Scene:
    """One client at one stand-in.

    client    a name in `clients.py` or `clients.mjs`, or "mmx" with its flags
    request   the same clip for our adapter; None where there is nothing to compare
    differs   why the bodies are not the same, where they are not
    fault     of the stand-in
    under     the path below which this stand-in is, where another has the same paths
    image     it is given a picture, for the first frame
    secure    the client speaks https alone
    seconds   until it is stopped
    wrong     where the client is wrong, and which page says so: shown if the run shows it
    """

    client: str
    provider: str
    request: VideoRequest | None = None
    differs: str = ""
    fault: str = ""
    under: str = ""
    image: bool = False
    secure: bool = False
    seconds: float = 120.0
    wrong: str = ""
    flags: tuple[str, ...] = field(default=())

    @property
    def fails(self) -> bool:
        """Whether the stand-in lets the task fail: the client is to end, and not to save."""
        return self.fault == "fail_task"


def _with_frame(request: VideoRequest) -> VideoRequest:
    return request.but(first_frame=Frame.of(picture()))


@cache
def picture() -> bytes:
    """A PNG for a first frame."""
    from PIL import Image

    target = io.BytesIO()
    Image.new("RGB", (640, 360), "teal").save(target, "PNG")
    return target.getvalue()


_MMX_23 = ("--prompt", PROMPT)
_MMX_H3 = ("--model", "MiniMax-H3", "--prompt", H3_PROMPT, "--duration", "5", "--ratio", "16:9")
_NO_FLAGS = "it has no flags for them and leaves both to MiniMax, whose page has 6 and 768P"
_WAITS_FOR_FAILED = "it waits for `Failed`; MiniMax's page of the query says `Fail`"
_ADAPTIVE = "named or not: a clip from a frame has the frame's ratio, as its own text says too"
_JPEG = "it calls every file a JPEG: this one is a PNG, with the same bytes"
_TOKEN = (
    "after 10400 it reads the token that died back from its own cache file; Chanjing's page: 10400 "
    "is a failed check of the token, for which a new one is fetched"
)
_SECONDS = 'it sends the duration as "6s"; fal\'s page takes "6" or "10"'
_NO_RESOLUTION = "it leaves the resolution to Replicate, whose page has 768p"
_IMAGE = "it sends the picture as `image`; Replicate's page of the model has `first_frame_image`"
_SORA = "it sends a form with Sora's fields; OpenRouter's page has a JSON body"

_SAVED = (
    Scene("fal-client", "fal", _23, secure=True),
    Scene("fal-client", "fal", _with_frame(_23), secure=True, image=True),
    Scene("replicate", "replicate", _23, secure=True),
    Scene("replicate", "replicate", _with_frame(_23), secure=True, image=True),
    Scene("openrouter", "openrouter", _23.but(resolution="1080P")),
    Scene("openrouter", "openrouter", _with_frame(_23.but(resolution="1080P")), image=True),
    Scene("openrouter H3", "openrouter", _H3.but(resolution="2K")),
    Scene("cnovita", "novita", under="/novita", differs=_BY_HAND),
    Scene("chanjingsdk", "chanjing", differs=_BY_HAND),
    Scene("chanjingsdk", "chanjing", fault="token_expiry", wrong=_TOKEN),
    Scene("minimax-mcp", "minimax", _23),
    Scene("minimax-mcp", "minimax", _with_frame(_23), image=True, differs=_JPEG),
    Scene("mmx", "minimax", _23, secure=True, flags=_MMX_23, differs=_NO_FLAGS),
    Scene(
        "mmx",
        "minimax",
        _with_frame(_23),
        secure=True,
        flags=_MMX_23,
        image=True,
        differs=_NO_FLAGS,
    ),
    Scene("mmx", "minimax", _H3.but(resolution="2K"), secure=True, flags=_MMX_H3),
    Scene("hoobnn-minimax-mcp", "minimax", _H3, secure=True),
    Scene(
        "hoobnn-minimax-mcp",
        "minimax",
        _with_frame(_H3.but(ratio=None)),
        secure=True,
        image=True,
        differs=_ADAPTIVE,
    ),
    Scene("openai", "openrouter", seconds=60, wrong=_SORA),
    Scene("@fal-ai/client", "fal", _23, secure=True),
    Scene("replicate (npm)", "replicate", _23, secure=True),
    Scene("@openrouter/sdk", "openrouter", _23.but(resolution="1080P"), secure=True),
    Scene("@ai-sdk/fal", "fal", secure=True, wrong=_SECONDS),
    Scene("@ai-sdk/replicate", "replicate", _23, secure=True, differs=_NO_RESOLUTION),
    Scene(
        "@ai-sdk/replicate", "replicate", _with_frame(_23), secure=True, image=True, wrong=_IMAGE
    ),
)
_FAILED = (
    Scene("fal-client", "fal", fault="fail_task", secure=True, seconds=60),
    Scene("replicate", "replicate", fault="fail_task", secure=True, seconds=60),
    Scene("openrouter", "openrouter", fault="fail_task", seconds=60),
    Scene("cnovita", "novita", fault="fail_task", under="/novita", seconds=60),
    Scene("chanjingsdk", "chanjing", fault="fail_task", seconds=60),
    Scene("minimax-mcp", "minimax", fault="fail_task", seconds=60),
    Scene("hoobnn-minimax-mcp", "minimax", fault="fail_task", secure=True, seconds=90),
    Scene(
        "mmx",
        "minimax",
        fault="fail_task",
        secure=True,
        seconds=20,
        flags=_MMX_23,
        wrong=_WAITS_FOR_FAILED,
    ),
    Scene("mmx", "minimax", fault="fail_task", secure=True, seconds=60, flags=_MMX_H3),
)
SCENES = (*_SAVED, *_FAILED)
