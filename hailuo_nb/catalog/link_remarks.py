"""Links of a request that no provider can open: those of this machine and of its own network."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from hailuo_nb.requests.video_request import VideoRequest

_ENDINGS = (".localhost", ".local", ".lan", ".internal", ".home.arpa", ".test")


def closed(request: VideoRequest) -> Iterator[tuple[str, str]]:
    """(field, host) of each frame or reference whose link leads to a host of one's own network."""
    frames = {"first_frame": request.first_frame, "last_frame": request.last_frame}
    links = [(field, frame.url) for field, frame in frames.items() if frame is not None]
    links += [("references", one.url) for one in request.references]
    for field, url in links:
        if url is not None and (host := _closed_host(url)):
            yield field, host


def _closed_host(url: str) -> str:
    """The host of a link, if it is one of a network of its own; else ""."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return "" if ipaddress.ip_address(host).is_global else host
    except ValueError:
        is_plain = "." not in host or host.endswith(_ENDINGS)
        return host if is_plain else ""
