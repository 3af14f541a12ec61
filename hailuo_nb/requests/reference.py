"""Reference: a picture, clip or sound that a clip is to follow, beside its prompt."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Literal

ReferenceKind = Literal["picture", "clip", "sound"]


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference, ready to send.

    kind        what it is
    identity    "sha256:<hex>" of the bytes sent, or the link
    url         the https link, or None
    data        the bytes sent; None for a link
    media_type  "image/jpeg", "video/mp4", "audio/mpeg"; "" without bytes
    name        the file's name for display, never its path
    """

    kind: ReferenceKind
    identity: str
    url: str | None = None
    data: bytes | None = field(default=None, repr=False, compare=False)
    media_type: str = field(default="", compare=False)
    name: str = field(default="", compare=False)

    def to_url(self) -> str:
        """The https link or a data URL."""
        if self.url is not None:
            return self.url
        encoded = base64.b64encode(self.data or b"").decode("ascii")
        return f"data:{self.media_type};base64,{encoded}"
