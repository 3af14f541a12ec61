"""`hn.inspect`: reads back what a saved clip's file says of how it was made."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO

from hailuo_nb.errors import FieldError, ManifestError, MediaError
from hailuo_nb.media import boxes, files, xmp
from hailuo_nb.media.boxes import Box
from hailuo_nb.requests import arguments, manifest
from hailuo_nb.requests.manifest import Manifest
from hailuo_nb.results.job import Job

_PIECE = 1 << 20  # bytes


def inspect(clip: str | os.PathLike[str] | bytes | Job) -> Manifest:
    """How a clip was made, as its own file says: prompt, provider, model, settings, take, task.

    clip  path of an MP4, its bytes, or a saved Job

    Anybody can write such a manifest: it is a note, no proof. `unchanged` says whether the rest of
    the file is what that note was written for. Raises ManifestError where there is none that can
    be read.
    """
    if isinstance(clip, bytes):
        return _read(BytesIO(clip), len(clip), "the clip")
    if isinstance(clip, Job):
        if clip.path is None:
            raise ManifestError(
                f"no manifest of the clip {clip.id} at {clip.provider_title}: it has no file, "
                f"and is {clip.state}"
            )
        clip = clip.path
    path = arguments.as_path("clip", clip)
    try:
        with files.open_regular(path, follow=True) as file:
            return _read(file, os.fstat(file.fileno()).st_size, path.name)
    except OSError as error:
        raise ManifestError(f"{path} cannot be read: {error.strerror or error}") from None


def _read(file: BinaryIO, size: int, name: str) -> Manifest:
    """Raises ManifestError, OSError."""
    try:
        layout = boxes.read_layout(file, size)
        box = xmp.find(file, layout)
        text = None if box is None else xmp.manifest_in(xmp.packet_in(file, box))
        if box is None or text is None:
            reason = xmp.obstacle(file, layout)
            raise ManifestError(
                f"{name} has no manifest: it was not saved by hailuo_nb, or by a release without "
                "manifests, or with HAILUO_NB_NO_MANIFEST set"
                + (f". None is put into a file like this: {reason}" if reason else "")
            )
        found = manifest.parse(text)
    except (MediaError, FieldError) as error:
        raise ManifestError(f"{name} has no manifest that can be read: {error}") from None
    return replace(found, unchanged=_sha256_without(file, size, box) == found.sha256)


def _sha256_without(file: BinaryIO, size: int, box: Box) -> str:
    """Of the file without this box."""
    digest = hashlib.sha256()
    for start, end in ((0, box.start), (box.end, size)):
        file.seek(start)
        left = max(0, end - start)
        while left and (piece := file.read(min(left, _PIECE))):
            digest.update(piece)
            left -= len(piece)
    return digest.hexdigest()
