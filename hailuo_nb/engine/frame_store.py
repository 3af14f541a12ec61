"""Keeps frames and references of requests beside the ledger, so that a job can be sent after a
restart.

A file's name is the hash of what is in it. An identity may come from a stranger's ledger: only the
hash of a kept file and an https link bring a frame, never a path.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from pathlib import Path

from hailuo_nb.errors import FrameError
from hailuo_nb.media import files
from hailuo_nb.media.text import shortened, visible
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference, ReferenceKind
from hailuo_nb.requests.video_request import VideoRequest

_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp",
    "video/mp4": ".mp4", "video/quicktime": ".mov",
    "audio/wav": ".wav", "audio/mpeg": ".mp3", "audio/mp4": ".m4a",
}  # fmt: skip
_KEPT = re.compile(r"sha256:([0-9a-f]{64})")
_FRAMES = ("first_frame", "last_frame")


def save(home: Path, request: VideoRequest) -> None:
    """Write the frames and references of a request that are bytes; a complete file is not written
    again. Raises FileError, OSError."""
    for frame in (request.first_frame, request.last_frame, *request.references):
        if frame is None or frame.data is None:
            continue
        target = _path(home, frame.identity, _ENDINGS[frame.media_type])
        if not (files.is_real_folder(target.parent) and _is_whole(target, len(frame.data))):
            files.write_atomic(target, frame.data, root=home)


def load(home: Path, identity: str | None) -> Frame | None:
    """The frame of an identity (a link, or "sha256:<hex>"), its bytes read and their hash compared.

    Raises FrameError for any other identity, and where the file is gone, changed or no regular
    file.
    """
    if identity is not None and not (_is_link(identity) or _KEPT.fullmatch(str(identity))):
        raise FrameError(
            f"{shortened(visible(repr(identity)))} names no frame that is kept here, and no https "
            "link: ask for the clip with its frame again"
        )
    frame = named(home, identity)
    try:
        return frame and frame.loaded()
    except FrameError:
        raise FrameError(
            f"the frame of this clip is no longer in {home / 'frames'}: ask for the clip with its "
            "frame again"
        ) from None


def named(home: Path, identity: str | None) -> Frame | None:
    """The same, with nothing read: for a clip that is not to be sent. What names no frame stays a
    name."""
    if identity is None:
        return None
    if _is_link(identity):
        with contextlib.suppress(FrameError):
            return Frame.of(identity)
    identity = str(identity)
    kept = _kept(home, identity)
    return Frame(identity, name=kept.name if kept else "", kept=kept)


def named_reference(home: Path, kind: ReferenceKind, identity: str) -> Reference:
    """The same of a reference."""
    if _is_link(identity):
        with contextlib.suppress(FrameError):
            return Reference.of(identity, kind)
    kept = _kept(home, identity)
    return Reference(kind, identity, name=kept.name if kept else "", kept=kept)


def _kept(home: Path, identity: str) -> Path | None:
    if not _KEPT.fullmatch(identity) or not files.is_real_folder(home / "frames"):
        return None
    paths = (_path(home, identity, ending) for ending in _ENDINGS.values())
    return next((path for path in paths if path.is_file() and not path.is_symlink()), None)


def load_reference(home: Path, reference: Reference) -> Reference:
    """The reference with its bytes. Raises FrameError where they are gone or changed."""
    if reference.data is not None or reference.url is not None:
        return reference
    found = named_reference(home, reference.kind, reference.identity)
    try:
        return replace(found.loaded(), source=reference.source)
    except FrameError:
        raise FrameError(
            f"a {reference.kind} that this clip takes after is no longer in {home / 'frames'}: ask "
            "for the clip with its references again"
        ) from None


def whole(home: Path, request: VideoRequest) -> VideoRequest:
    """The request with the bytes of all its frames and references. Raises FrameError."""
    frames = {name: frame for name in _FRAMES if (frame := getattr(request, name)) is not None}
    missing = {
        name: frame for name, frame in frames.items() if frame.data is None and frame.url is None
    }
    found = {name: (load(home, frame.identity), frame.source) for name, frame in missing.items()}
    return request.but(
        references=[load_reference(home, one) for one in request.references],
        **{
            name: frame and replace(frame, source=source) for name, (frame, source) in found.items()
        },
    )


def _is_link(identity: object) -> bool:
    return isinstance(identity, str) and identity.strip().lower().startswith("https:")


def _path(home: Path, identity: str, ending: str) -> Path:
    return home / "frames" / (identity.removeprefix("sha256:") + ending)


def _is_whole(target: Path, size: int) -> bool:
    """Whether it is there already; what was cut short by a crash or is a link is not."""
    try:
        with files.open_regular(target) as file:
            return file.seek(0, 2) == size
    except OSError:
        return False
