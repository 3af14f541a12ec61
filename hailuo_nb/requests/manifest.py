"""Manifest: what a saved clip's own file says of how it was made, to be read by anybody.

It names no key, no link and no address of a provider. Whoever has the file can read the prompt, and
can write another one into it: it is a note, no proof.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from hailuo_nb.media import xmp
from hailuo_nb.media.text import shortened, visible
from hailuo_nb.requests.fields import parse_document
from hailuo_nb.requests.redaction import redact
from hailuo_nb.requests.video_request import VideoRequest

LINK = "link"
"""Stands for a frame, a reference or an option that was a link."""

_FORMAT = "hailuo_nb manifest"
_VERSION = 1
# Where a request names a frame or reference.
_NAMES = {
    *("first_frame", "last_frame", "first_frame_source", "last_frame_source"),
    *("identity", "source"),
}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NO_LINK = re.compile(r"(sha256|pixels|clip):[0-9a-f]{64}(#\d+)?( fitted [\w/]+)?")


@dataclass(frozen=True, slots=True, repr=False)
class Manifest:
    """How a clip was made, as its file says.

    provider      such as "ppinfra", "simulated:ppinfra"
    simulated     made by the built-in stand-in
    request       `VideoRequest.to_json`: a frame is "sha256:<hex>" of the bytes that were sent, and
                  "link" where it was given as one
    take          number of the sample, from 1
    task_id       the provider's own id; None where there is none
    job_id        in the ledger of its maker
    submitted_at  Unix seconds; None if unknown
    tool          name and version of what wrote this
    sha256        of the file as the provider sent it, without the manifest
    unchanged     whether the file is, but for the manifest, still that one; None before it is read
    """

    provider: str
    simulated: bool
    request: Mapping[str, Any]
    take: int
    task_id: str | None
    job_id: str
    submitted_at: float | None
    tool: str
    sha256: str
    unchanged: bool | None = field(default=None)

    @property
    def prompt(self) -> str:
        return str(self.request["prompt"])

    @property
    def model(self) -> str:
        return str(self.request["model"])

    def to_dict(self) -> dict[str, Any]:
        """Everything, as plain data."""
        return asdict(self)

    def to_packet(self) -> bytes:
        """The manifest as XMP, with the properties that other programs know."""
        stored = {"format": _FORMAT, "version": _VERSION, **self.to_dict()}
        del stored["unchanged"]
        return xmp.compose(
            prompt=self.prompt,
            system=f"{self.model} ({self.provider})",
            tool=self.tool,
            date=_iso(self.submitted_at),
            manifest=json.dumps(stored),
            simulated=self.simulated,
        )

    def __repr__(self) -> str:
        request = dict(self.request)
        shown = {
            "prompt": shortened(request.pop("prompt")),
            "provider": f"{self.provider}{' (simulated)' if self.simulated else ''}",
            **{name: value for name, value in request.items() if name != "options"},
            **request["options"],
            "take": self.take,
            "task": self.task_id,
            "job": self.job_id,
            "submitted": _iso(self.submitted_at) or None,
            "tool": self.tool,
            "file": _STATES[self.unchanged],
        }
        lines = (f"  {name:<17} {value}" for name, value in shown.items() if value is not None)
        return visible("\n".join(["<Manifest", *lines]) + ">")


def _iso(moment: float | None) -> str:
    """Unix seconds as ISO 8601; "" for None."""
    return "" if moment is None else f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"


_STATES = {
    True: "as the provider sent it, but for this manifest",
    False: "not as the provider sent it",
    None: None,
}


def public(request: VideoRequest) -> dict[str, Any]:
    """`VideoRequest.to_json` without links and keys."""
    data = request.to_json()
    for one in (data, *data.get("references", ())):
        for name in _NAMES & one.keys():
            one[name] = one[name] and _without_link(one[name])
    data["options"] = {
        name: LINK if isinstance(value, str) and "://" in value else value
        for name, value in data["options"].items()
    }
    found: dict[str, Any] = _without_keys(data)
    return found


def _without_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_keys(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_keys(one) for one in value]
    return redact(value) if isinstance(value, str) else value


def _without_link(name: str) -> str:
    return name if _NO_LINK.fullmatch(name) else LINK


def parse(text: str) -> Manifest:
    """Reads the JSON text of a stranger's manifest. Raises FieldError, which names the field."""
    data = parse_document(text, "manifest", _FORMAT, _VERSION)
    sha256 = data.text("sha256")
    if not _SHA256.fullmatch(sha256):
        raise data.error("sha256", "must be 64 hexadecimal digits")
    return Manifest(
        provider=data.text("provider"),
        simulated=bool(data.boolean("simulated")),
        request=data.object("request").request(),
        take=data.number("take") or 1,
        task_id=data.text_or_none("task_id"),
        job_id=data.id("job_id"),
        submitted_at=data.number("submitted_at"),
        tool=data.text("tool"),
        sha256=sha256,
    )
