"""XMP in an MP4: a box behind all others, which other programs read and which moves no byte.

Where XMP stands in such files: in a `uuid` box of its own at the top level (XMP Specification,
part 3, MPEG-4). exiftool and Adobe's programs show it, `ffprobe -export_xmp 1` too. Samples are
found by their distance from the start of the file, so that a box at its end changes none.
"""

from __future__ import annotations

import html
import os
import re
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from hailuo_nb.errors import MediaError
from hailuo_nb.media import boxes
from hailuo_nb.media.boxes import Box, Layout

MAX_PACKET = 2 * 1024 * 1024
"""Bytes. A prompt of 50,000 characters stands in it three times."""
OWN = "https://hailuo-nb.invalid/ns/1.0/"
"""The namespace of `manifest`, which is a JSON text."""

_ID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_CONTENT_CREDENTIALS = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # C2PA
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:hailuo="{own}">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{prompt}</rdf:li></rdf:Alt></dc:description>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<xmp:CreateDate>{date}</xmp:CreateDate>
<Iptc4xmpExt:DigitalSourceType>{source_type}</Iptc4xmpExt:DigitalSourceType>
<Iptc4xmpExt:AISystemUsed>{system}</Iptc4xmpExt:AISystemUsed>
<Iptc4xmpExt:AIPromptInformation>{prompt}</Iptc4xmpExt:AIPromptInformation>
<hailuo:manifest>{manifest}</hailuo:manifest>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


# The packet ---------------------------------------------------------------------------------------


def compose(
    *, prompt: str, system: str, tool: str, date: str, manifest: str, simulated: bool
) -> bytes:
    """A packet with the standard properties of generated media (IPTC 2025.1) and the `manifest`.

    date  ISO 8601
    """
    texts = {"prompt": prompt, "system": system, "tool": tool, "date": date, "manifest": manifest}
    escaped = {
        name: html.escape(_NOT_XML.sub("\ufffd", text), quote=False) for name, text in texts.items()
    }
    # "Pure algorithmic media": made by no trained model.
    kind = "algorithmicMedia" if simulated else "trainedAlgorithmicMedia"
    return _PACKET.format(own=OWN, source_type=_SOURCE_TYPES + kind, **escaped).encode()


def manifest_in(packet: bytes) -> str | None:
    """The manifest of a packet, also after another program wrote it anew; None if it has none.

    Raises MediaError for what is no XML.
    """
    found: list[str] = []
    wanted = f"{OWN} manifest"
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = name == wanted
        if wanted in attributes:  # properties may stand as attributes
            found.append(attributes[wanted])

    def text(data: str) -> None:
        if inside:
            found.append(data)

    def end(_name: str) -> None:
        nonlocal inside
        inside = False

    if b"<!DOCTYPE" in packet:  # no entities: they may unfold without end
        raise MediaError("its metadata (XMP) declares a document type, and is not read")
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(packet.rstrip(b"\0"), True)
    except expat.ExpatError as error:
        raise MediaError(f"its metadata (XMP) is no XML that can be read: {error}") from None
    return "".join(found) or None


# The box ------------------------------------------------------------------------------------------


def append(path: Path, packet: bytes) -> bytes:
    """Puts the packet behind everything in a file. Returns the bytes that were added: none where
    there is an `obstacle`, or the packet is too large. Raises MediaError, OSError."""
    with path.open("rb+") as file:
        size = os.fstat(file.fileno()).st_size
        if len(packet) > MAX_PACKET or obstacle(file, boxes.read_layout(file, size)):
            return b""
        added = (24 + len(packet)).to_bytes(4, "big") + b"uuid" + _ID + packet
        file.seek(size)
        file.write(added)
    return added


def obstacle(file: BinaryIO, layout: Layout) -> str:
    """Why nothing is put behind the last box of this file, "" if nothing stands against it."""
    last = layout.boxes[-1] if layout.boxes else None
    ids = [_uuid(file, box) for box in layout.of(b"uuid")]
    if _CONTENT_CREDENTIALS in ids:
        return "it holds Content Credentials (C2PA), which any change would break"
    if _ID in ids:
        return "it has metadata (XMP) of its own"
    if last is None or layout.open_ended or last.end != layout.size:
        return "it does not end with a whole box"
    if last.kind == b"mfra":
        return "it ends with an index that is looked for at the end of a file (mfra)"
    return ""


def find(file: BinaryIO, layout: Layout) -> Box | None:
    """The first box with XMP in it, or None. Raises OSError."""
    found = (box for box in layout.of(b"uuid") if _uuid(file, box) == _ID)
    return next(found, None)


def packet_in(file: BinaryIO, box: Box) -> bytes:
    """The packet of a box that `find` found. Raises MediaError if it is too large, OSError."""
    start = box.body + 16
    if box.end - start > MAX_PACKET:
        raise MediaError(f"its metadata (XMP) has more than {MAX_PACKET >> 20} MiB")
    file.seek(start)
    return file.read(box.end - start)


def without_own(data: bytes) -> bytes:
    """A clip as it was before `append`; the same bytes if it ends with no manifest of ours."""
    file = BytesIO(data)
    try:
        layout = boxes.read_layout(file, len(data))
        box = find(file, layout)
        if box is None or box != layout.boxes[-1] or box.end != len(data):
            return data
        return data if manifest_in(packet_in(file, box)) is None else data[: box.start]
    except MediaError:
        return data


def _uuid(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.body)
    return file.read(16)
