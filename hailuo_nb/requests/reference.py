"""Reference: a picture, clip or sound that a clip takes after; the prompt names it by its number.

A link is sent as it is and never opened. Of a picture only the image is sent, without EXIF, XMP or
comments; a clip or sound is sent as it is, but for the manifest that `hn.inspect` reads.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from hailuo_nb.errors import FrameError, MediaError
from hailuo_nb.media import clips, images, sounds, xmp
from hailuo_nb.requests import frame_source
from hailuo_nb.requests.arguments import describe, is_missing
from hailuo_nb.requests.frame import Frame, data_url, identity_of, read_kept

ReferenceKind = Literal["picture", "clip", "sound"]
KINDS: tuple[ReferenceKind, ...] = get_args(ReferenceKind)
MAX_REFERENCES = 50
"""Of one request, so that files are read within bounds; no model takes a third of that."""
_MAX_TEXT = 100_000  # characters of a list in a cell
_WORDS = {"picture": "Image", "clip": "Video", "sound": "Audio"}
# The endings of a link, which is never opened.
_ENDINGS: dict[str, ReferenceKind] = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"), "picture"),
    **dict.fromkeys((".mp4", ".mov", ".m4v"), "clip"),
    **dict.fromkeys((".mp3", ".wav", ".m4a"), "sound"),
}
# Those of files that are no reference; without them such a file is called no picture.
_OTHER_ENDINGS: dict[str, ReferenceKind] = {
    **dict.fromkeys((".webm", ".mkv", ".avi", ".wmv", ".flv"), "clip"),
    **dict.fromkeys((".aac", ".ogg", ".opus", ".wma", ".aiff"), "sound"),
}
_READ = {"clip": "MP4 or MOV", "sound": "WAV, MP3 or M4A"}
# The first boxes of an MP4 or QuickTime file, and the brands of pictures in such a file.
_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
_PICTURE_BRANDS = (b"hei", b"hev", b"mif", b"msf", b"avi")


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference, ready to send.

    kind        "picture", "clip" or "sound"
    identity    "sha256:<hex>" of the bytes sent, or the link
    url         the https link, or None
    data        the bytes sent; None for a link, and while they are in `kept`
    media_type  such as "image/png", "video/mp4", "audio/mpeg"; "" without bytes
    width, height   pixels of a picture or clip, None if unknown
    seconds     length of a clip or sound, as its headers say
    fps, codec  of a clip: pictures a second, FFmpeg's name
    name        the file's name for display, never its path
    kept        the file with the bytes, for a clip of an earlier session; see `loaded`
    source      as of a Frame: what a person gave, where other bytes are sent
    """

    kind: ReferenceKind
    identity: str
    url: str | None = None
    data: bytes | None = field(default=None, repr=False, compare=False)
    media_type: str = field(default="", compare=False)
    width: int | None = field(default=None, compare=False)
    height: int | None = field(default=None, compare=False)
    seconds: float | None = field(default=None, compare=False)
    fps: float | None = field(default=None, compare=False)
    codec: str = field(default="", compare=False)
    name: str = field(default="", compare=False)
    kept: Path | None = field(default=None, repr=False, compare=False)
    source: str = field(default="", repr=False, compare=False)

    @classmethod
    def of(cls, source: Any, kind: ReferenceKind | None = None, name: str = "") -> Reference:
        """Makes a reference of whatever `Frame.of` takes, a Frame or a Reference.

        kind  where the link or the file does not say it
        name  for display, instead of the file's name

        Pictures are JPG, PNG or WebP of any shape, clips MP4 or MOV, sounds WAV, MP3 or M4A, of up
        to 64 MB; a clip has to be whole. The limits of providers are checked before sending.

        Raises FrameError.
        """
        if kind is not None and kind not in KINDS:
            raise FrameError(f"a reference is a {', '.join(KINDS)}, and no {describe(kind)}")
        if isinstance(source, Reference):
            found = source.loaded()
        elif isinstance(source, Frame):
            found = _of_frame(source.loaded())
        else:
            found = _read(source, kind, name)
        if kind not in {None, found.kind}:
            raise FrameError(f"{found.name or found.identity} is a {found.kind}, and no {kind}")
        return found

    def loaded(self) -> Reference:
        """Returns the reference with its bytes, read from `kept` if needed. Raises FrameError if
        they are missing."""
        if self.data is not None or self.url is not None:
            return self
        data = read_kept(self.kept)
        if identity_of(data) != self.identity:
            raise FrameError(
                f"the {self.kind} of this reference is missing, only its name was kept: give it "
                "again",
                "gone",
            )
        return replace(_inspected(data, self.kind, self.name), source=self.source)

    def to_url(self) -> str:
        """Returns the https link or a data URL. Raises FrameError if the bytes are missing."""
        if self.url is not None:
            return self.url
        found = self.loaded()
        return data_url(found.media_type, found.data or b"")

    def thumbnail(self, side: int = 160) -> str:
        """Returns a JPEG as a data URL; "" for a link, a sound, and a clip that is not decoded
        here. Raises FrameError if the bytes are missing."""
        found = self.loaded()
        if found.data is None or self.kind == "sound":
            return ""
        make = images.thumbnail if self.kind == "picture" else clips.thumbnail
        try:
            return data_url("image/jpeg", make(found.data, side))
        except (MediaError, OSError):
            return ""

    def fitted(self, *, max_side: int | None, max_bytes: int) -> Reference:
        """Returns a picture within these limits, see `Frame.fitted`; others as they are. Raises
        FrameError."""
        if self.kind != "picture":
            return self
        found = self.loaded()
        frame = Frame(
            found.identity,
            found.url,
            found.data,
            found.media_type,
            found.width,
            found.height,
            found.name,
            source=found.source,
        )
        return _of_frame(frame.fitted(max_side=max_side, max_bytes=max_bytes))

    def to_json(self) -> dict[str, Any]:
        """Plain data without bytes: kind, identity, and the source where that is another."""
        differs = self.source not in {"", self.identity}
        return {
            "kind": self.kind,
            "identity": self.identity,
            **({"source": self.source} if differs else {}),
        }


def references_of(value: Any, name: str = "references") -> tuple[Reference, ...]:
    """The references of an argument or a cell: a list of what `Reference.of` takes, or one of it;
    the text of a list, as a CSV file has it; none for a missing value. Raises FrameError."""
    if getattr(getattr(value, "dtype", None), "kind", "") == "O":  # a list of a Parquet file
        value = list(value)
    if isinstance(value, str) and value.startswith("["):
        value = _from_text(value)
    if isinstance(value, list | tuple) and len(value) > MAX_REFERENCES:
        raise FrameError(f"{name} are {len(value):,}; at most {MAX_REFERENCES} are read")
    given = value if isinstance(value, list | tuple) else [] if is_missing(value) else [value]
    found = []
    for at, source in enumerate(given):
        try:
            found.append(Reference.of(source))
        except FrameError as error:
            raise FrameError(f"{name}[{at}]: {error}", error.code, **error.values) from None
    return tuple(found)


def _from_text(text: str) -> Any:
    """The list of texts that a text stands for; the text itself where it is none."""
    try:
        found = ast.literal_eval(text) if len(text) <= _MAX_TEXT else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
    texts = isinstance(found, list) and all(isinstance(one, str) for one in found)
    return found if texts else text


def prompt_names(references: Iterable[Reference]) -> list[str]:
    """What the prompt calls each: "Image 1", "Image 2", "Video 1", "Audio 1"."""
    counts: Counter[str] = Counter()
    names = []
    for one in references:
        counts[one.kind] += 1
        names.append(f"{_WORDS[one.kind]} {counts[one.kind]}")
    return names


def _read(source: Any, kind: ReferenceKind | None, name: str) -> Reference:
    found = frame_source.read_source(source)
    name = frame_source.display_name(name) or found.name
    if found.link:
        return Reference(kind or _kind_of_link(found.link), found.link, found.link, name=name)
    if found.image is not None:
        image = images.encode(found.image, name, any_shape=True)
        return _of_image(image, name, frame_source.pixels_of(found.image))
    kind = kind or _kind_of(found.data)
    if kind == "picture":
        try:
            image = images.without_metadata(found.data, name, any_shape=True)
        except FrameError as error:
            ending = PurePosixPath(name).suffix.lower()
            meant = (_ENDINGS | _OTHER_ENDINGS).get(ending, "picture")
            if error.code != "format" or meant == "picture":
                raise
            message = f"{name} is no {meant} that can be read; a {meant} is {_READ[meant]}"
            raise FrameError(message, "media", name=name) from None
        return _of_image(image, name, identity_of(found.data))
    # A clip that was saved here says its prompt, which another provider need not read.
    return _inspected(xmp.without_own(found.data) if kind == "clip" else found.data, kind, name)


def _kind_of_link(link: str) -> ReferenceKind:
    found = _ENDINGS.get(PurePosixPath(urlsplit(link).path).suffix.lower())
    if found is None:
        raise FrameError(
            f"{describe(link)} does not say what it is: give "
            "hn.Reference.of(link, kind=...) with one of picture, clip, sound",
            "kind",
        )
    return found


def _kind_of(data: bytes) -> ReferenceKind:
    """What the bytes of a file are; "picture" for what is nothing that is known here."""
    if sounds.is_sound(data):
        return "sound"
    if data[4:8] not in _BOXES or (data[4:8] == b"ftyp" and data[8:11] in _PICTURE_BRANDS):
        return "picture"
    try:
        sounds.inspect(data)
    except MediaError:
        return "clip"
    return "sound"


def _facts(data: bytes, kind: ReferenceKind) -> dict[str, Any]:
    """What the headers of a clip or sound say. Raises MediaError."""
    if kind == "sound":
        sound = sounds.inspect(data)
        return {"media_type": sound.media_type, "seconds": sound.seconds}
    clip = clips.inspect(data)
    is_quicktime = data[4:12] == b"ftypqt  " or data[4:8] != b"ftyp"
    return {
        "media_type": "video/quicktime" if is_quicktime else "video/mp4",
        "seconds": clip.duration,
        **{name: getattr(clip, name) for name in ("width", "height", "fps", "codec")},
    }


def _inspected(data: bytes, kind: ReferenceKind, name: str) -> Reference:
    """A reference of bytes that are sent as they are. Raises FrameError."""
    if kind == "picture":
        return _of_image(images.inspect(data, name or "the picture", any_shape=True), name, "")
    try:
        facts = _facts(data, kind)
    except MediaError as error:
        raise FrameError(f"{name or f'the {kind}'}: {error}", "media", name=name) from None
    return Reference(kind, identity_of(data), data=data, name=name, **facts)


def _of_image(image: images.EncodedImage, name: str, source: str) -> Reference:
    return Reference(
        "picture",
        identity_of(image.data),
        data=image.data,
        media_type=image.media_type,
        width=image.width,
        height=image.height,
        name=name,
        source=source,
    )


def _of_frame(frame: Frame) -> Reference:
    return Reference(
        "picture",
        frame.identity,
        frame.url,
        frame.data,
        frame.media_type,
        frame.width,
        frame.height,
        name=frame.name,
        source=frame.source,
    )
