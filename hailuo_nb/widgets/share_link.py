"""A studio's settings as a short text that somebody else can open.

A link holds what is in the editor and nothing else: no key, no address of a provider, no bytes of a
frame or reference (an https link to one may be in it). It can come from anybody, so every value is
checked.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

from hailuo_nb import catalog
from hailuo_nb.errors import LinkError
from hailuo_nb.media.text import visible
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.options import OptionValue
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.reference import MAX_REFERENCES, Reference
from hailuo_nb.widgets.draft import FRAMES, Draft, Settings, option_names
from hailuo_nb.widgets.wire import MAX_TAKES

PREFIX = "hailuo1."
"""What every link of this version begins with."""

_FAMILY = "hailuo"
_MAX_TEXT = 20_000  # characters of a link; the longest prompt comes to a third of it
_MAX_CONTENT = 100_000  # bytes that it may unfold to
_KEYS = ("prompt", "targets", "resolution", "duration", "options", "takes", *FRAMES, "references")


def to_link(draft: Draft) -> str:
    """The settings as `hailuo1.` and base64url. A frame or reference that is no https link is left
    out.

    Raises LinkError for more than could be read again.
    """
    content = {
        "prompt": draft.prompt,
        "targets": list(draft.targets),
        "resolution": draft.resolution,
        "duration": draft.duration,
        "takes": draft.takes,
        "options": {name: value for name, value in draft.options.items() if value is not None},
        **{
            name: frame.url
            for name in FRAMES
            if (frame := getattr(draft, name)) is not None and frame.url
        },
    }
    if links := [[one.kind, one.url] for one in draft.references if one.url]:
        content["references"] = links
    plain = json.dumps(content, separators=(",", ":")).encode("ascii")
    text = base64.urlsafe_b64encode(zlib.compress(plain, 9)).decode("ascii").rstrip("=")
    if len(plain) > _MAX_CONTENT or len(text) > _MAX_TEXT:
        raise LinkError("this is too much for a link: shorten the prompt")
    return PREFIX + text


def from_link(text: str) -> Settings:
    """The settings of a link, for `PromptStudio.load`: prompt, targets, resolution, duration,
    takes, options, frames, references.

    White space in the text does not matter, as mail programs break lines. Raises LinkError.
    """
    content = _unpacked("".join(str(text).split()))
    unknown = content.keys() - set(_KEYS)
    if unknown:
        raise LinkError(
            f"the link holds {visible(', '.join(sorted(unknown)))}, which no studio has"
        )
    try:
        return _settings(content)
    except (TypeError, ValueError, KeyError) as error:
        raise LinkError(
            f"the link does not hold a studio's settings: {visible(str(error))}"
        ) from None


def _settings(content: Mapping[str, Any]) -> Settings:
    return {
        "prompt": arguments.as_text("prompt", content.get("prompt")),
        "targets": _targets(content.get("targets")),
        "resolution": catalog.parse_resolution(content.get("resolution")),
        "duration": arguments.as_int("duration", content.get("duration"), 1, 60),
        "options": _options(content.get("options")),
        "takes": arguments.as_int("takes", content.get("takes"), 1, MAX_TAKES),
        "first_frame": _frame(content.get("first_frame")),
        "last_frame": _frame(content.get("last_frame")),
        "references": _references(content.get("references")),
    }


def _unpacked(text: str) -> Mapping[str, Any]:
    prefix, dot, body = text.partition(".")
    if not dot or not prefix.startswith(_FAMILY):
        raise LinkError(f"this is no link to a studio: one begins with {PREFIX!r}")
    if f"{prefix}." != PREFIX:
        raise LinkError(
            f"the link is of another version ({visible(prefix[:20])}); this one reads "
            f"{PREFIX[:-1]}: update"
        )
    if len(body) > _MAX_TEXT:
        raise LinkError(f"the link has {len(body):,} characters; at most {_MAX_TEXT:,} are read")
    try:
        unpacker = zlib.decompressobj()
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        plain = unpacker.decompress(packed, _MAX_CONTENT)
        content = json.loads(plain.decode("ascii")) if unpacker.eof else None
    except (ValueError, zlib.error, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise LinkError("the link is damaged: copy it again, whole")
    return content


def _targets(value: object) -> list[str]:
    """ "simulated:ppinfra/MiniMax-Hailuo-02", ... Raises UnknownNameError for what the catalogue
    here does not have."""
    if not isinstance(value, list):
        raise TypeError("its providers are no list")
    found = []
    for target in value:
        ref = ProviderRef.parse(arguments.as_text("targets", target))
        if ref.provider not in catalog.providers():
            raise catalog.unknown_provider(ref.name)
        model = catalog.resolve_model(ref.provider, ref.model or None)
        found.append(str(ref.with_model(model)))
    return list(dict.fromkeys(found))


def _options(value: object) -> dict[str, OptionValue | None]:
    known = {name: catalog.settings()[name] for name in option_names()}
    if not isinstance(value, dict) or value.keys() - known.keys():
        raise ValueError("it holds options that no studio has")
    for name, one in value.items():
        if not known[name].holds(one):
            raise ValueError(f"an option is {_NO_VALUE[known[name].type]}")
    return {
        name: None if name not in value else catalog.parse_option(name, value[name])
        for name in known
    }


_NO_VALUE = {
    "bool": "neither true nor false",
    "int": "no whole number",
    "float": "no number",
    "text": "no text",
}


def _frame(value: object) -> Frame | None:
    return None if value is None else Frame.of(_link("frame", value))


def _references(value: object) -> list[Reference]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MAX_REFERENCES:
        raise ValueError("its references are no list")
    return [Reference.of(_link("reference", link), kind) for kind, link in value]


def _link(noun: str, value: object) -> str:
    if not isinstance(value, str) or not value.lower().startswith("https:"):
        # A path would read a file of whoever opens it.
        raise ValueError(f"a {noun} is no https link")
    return value
