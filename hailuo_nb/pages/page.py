"""One page of a comparison that plays from disk with the network off, with the same board and
player as in a notebook.

Pure but for reading clips and our own scripts: rows (plain data, see `Comparison.rows`) in, HTML
out. What stands in the page without a script (pictures, clips with the browser's controls, prompts,
facts) the script turns into the board, so that every clip is in the page once. Everything that a
person or a provider wrote is escaped; the policy lets no script run but ours, known by its hash,
and lets nothing be asked of any host. Must not know jobs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape as quoted
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from hailuo_nb.errors import ArgumentError, TooLargeError
from hailuo_nb.media.text import visible
from hailuo_nb.pages.assets import STATIC, messages
from hailuo_nb.pages.html_table import data_url, poster_url
from hailuo_nb.requests import arguments

Mode = Literal["inline", "folder"]
Links = tuple[str, str]
"""The clip and the poster of a row as they stand in the page: data URLs, or relative; "" for what
is not there."""

MAX_INLINE = 60_000_000
"""Bytes of clips in one page. As text they are a third more. Measured with nine clips of 62 MB, on
two cores that six others shared: written in 5 s, opened in Chromium with its board in 9 s. More
would feel like a page that is broken."""

PAGE = "index.html"
"""The page of an exported folder, where no other name was given."""

# In a file of its own folder a page is refused its neighbours without 'self' or file: (measured,
# Chromium 156: either will do). Other browsers give a page on disk no origin of its own, and need
# file:.
_BESIDE = "'self' file:"
_SOURCES: dict[Mode, str] = {
    "inline": "img-src data:; media-src data: blob:",
    "folder": f"img-src data: {_BESIDE}; media-src {_BESIDE}",
}
_OVER = frozenset({"saved", "rejected", "failed", "expired", "cancelled", "unknown", "invalid"})


def place(path: Path, mode: Mode) -> Path:
    """Where the page is written. In a folder's name, for mode "folder", it is that folder's
    index.html; another name without its ending gets it, as no browser shows a file without one.

    Raises ArgumentError for another mode.
    """
    if not isinstance(mode, str) or mode not in _SOURCES:
        told = arguments.describe(mode)
        raise ArgumentError(
            f"mode is 'inline' (one page) or 'folder' (a page with its files beside it), not {told}"
        )
    if path.suffix.lower() in {".html", ".htm"}:
        return path
    return path / PAGE if mode == "folder" else path.with_name(f"{path.name}.html")


def inside(clips: Mapping[str, tuple[Path | None, Path | None]], path: Path) -> dict[str, Links]:
    """Clips and posters, by the id of their row, as data URLs; "" for what cannot be read. Raises
    TooLargeError."""
    sizes = [
        clip.stat().st_size for clip, _ in clips.values() if clip is not None and clip.is_file()
    ]
    posters = sum(len(poster_url(poster)) for _, poster in clips.values() if poster is not None)
    if sum(sizes) + posters > MAX_INLINE:
        raise TooLargeError(
            f"{len(sizes)} clips have {sum(sizes) / 1e6:.0f} MB together, and one page carries at "
            "most "
            f"{MAX_INLINE / 1e6:.0f} MB. Put them beside the page: "
            f'board.to_html({str(path.with_suffix(""))!r}, mode="folder")'
        )
    return {
        name: (
            data_url(clip, "video/mp4", MAX_INLINE) if clip is not None else "",
            poster_url(poster) if poster is not None else "",
        )
        for name, (clip, poster) in clips.items()
    }


def beside(files: Mapping[str, tuple[str | None, str | None]]) -> dict[str, Links]:
    """Relative paths, by the id of their row, as links."""
    return {
        name: (quote(clip or ""), quote(poster or "")) for name, (clip, poster) in files.items()
    }


def page(
    title: str,
    rows: Sequence[Mapping[str, Any]],
    links: Mapping[str, Links],
    mode: Mode = "inline",
    made_at: float | None = None,
) -> str:
    """The whole page. `links` by the id of a row; `made_at` is a Unix time (now if None)."""
    facts = [_as_it_stands(row) for row in rows]
    prompts = list(dict.fromkeys(row["prompt"] for row in rows))
    shared = prompts[0] if len(prompts) == 1 else None
    found = [links.get(row["id"], ("", "")) for row in rows]
    cards = "\n".join(
        _card(index, row, link, shared is None)
        for index, (row, link) in enumerate(zip(facts, found, strict=True))
    )
    style, script = _style(), _script()
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        f"{_SOURCES[mode]}; "
        "base-uri 'none'; form-action 'none'"
    )
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_escape(title or shared or "Comparison")}</title>
<style>{style}</style>
<main>
<h1>{_escape(shared or title or "Comparison")}</h1>
<div id="hn-still">
{cards}
</div>
</main>
<footer>{_footer(facts, found, made_at)}</footer>
<script type="application/json" id="hn-data">{_json(title, facts)}</script>
<script type="module">{script}</script>
</html>
"""


def _footer(
    rows: Sequence[Mapping[str, Any]], links: Sequence[Links], made_at: float | None
) -> str:
    arrived = sum(1 for clip, _ in links if clip)
    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(made_at))
    simulated = any(row["simulated"] for row in rows)
    told = " Simulated clips are marked: no provider was asked for them." if simulated else ""
    return f"{arrived} of {len(rows)} clips, made with hailuo_nb, {made}.{told}"


def _as_it_stands(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the page may show it: nothing unseen in its texts, and nothing that goes on by
    itself."""
    shown: dict[str, Any] = {name: _seen(value) for name, value in row.items()}
    shown |= {"id": row["id"], "video": None, "poster": ""}
    if row["state"] not in _OVER:
        still = {"submitted_at": None, "eta": None, "usual_seconds": None, "queue_position": None}
        note = f"It was {row['state']} when this page was written."
        shown |= still | {"progress": row["progress"] or 0.0, "error": shown["error"] or note}
    return shown


def _seen(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {name: _seen(one) for name, one in value.items()}
    return [_seen(one) for one in value] if isinstance(value, list) else value


def _escape(text: str) -> str:
    """Text that a person or a provider wrote, as HTML: nothing of it is markup, and nothing is
    unseen."""
    return quoted(visible(text))


def _card(index: int, row: Mapping[str, Any], link: Links, with_prompt: bool) -> str:
    label = f"{row['provider_title']}, {row['model']}, {row['resolution']}, {row['duration']} s"
    clip, poster = link
    if clip:
        picture = f' poster="{quoted(poster)}"' if poster else ""
        shown = (
            '<video controls loop muted playsinline preload="none" '
            f'aria-label="{_escape(label)}"{picture} '
            f'src="{quoted(clip)}"></video>'
        )
    else:
        shown = f'<div class="still-none">{_escape(row["state"])}</div>'
    facts = [
        row["model"],
        f"{row['resolution']} · {row['duration']} s",
        f"take {row['take']}" if row["take"] else "",
        _waited(row),
        row["cost"],
        "★" * row["rating"],
        *(f"#{tag}" for tag in row["tags"]),
    ]
    said = [("still-error", f"{row['error']} {row['advice']}".strip()), ("", row["note"])]
    if with_prompt:
        said.insert(0, ("", row["prompt"]))
    lines = "".join(
        f'<p class="{name}"><bdi>{_escape(text)}</bdi></p>' for name, text in said if text
    )
    badge = '<span class="still-badge">SIMULATED</span>' if row["simulated"] else ""
    notes = "".join(f"<li>{_escape(note)}</li>" for note in row["notes"])
    return f"""<article data-row="{index}">
{shown}
<div class="still-facts">
<h2>{_escape(row["provider_title"])} {badge}</h2>
<p class="still-line">{_escape(" · ".join(fact for fact in facts if fact))}</p>
{lines}{f"<ul>{notes}</ul>" if notes else ""}
</div>
</article>"""


def _waited(row: Mapping[str, Any]) -> str:
    if row["submitted_at"] is None or row["finished_at"] is None:
        return ""
    return f"{row['finished_at'] - row['submitted_at']:.0f} s from submit to file"


# What the page runs -------------------------------------------------------------------------------


def _json(title: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Data in a script element: ASCII, and without the one sign that could end it."""
    data = {"title": visible(title), "messages": messages("common", "board"), "rows": rows}
    return json.dumps(data).replace("<", "\\u003c")


@cache
def _script() -> str:
    """The notebook's own board, handed to what shows it in a page."""
    return f"({_module('page.js')})({_module('compare_board.js')});"


def _module(name: str) -> str:
    """A joined file, which imports nothing, as an expression: its default export. An inline script
    has no address to be imported from, and one from elsewhere would need a wider policy."""
    text = (STATIC / name).read_text(encoding="utf-8")
    found = re.search(r"export\s*\{\s*(\w+) as default,?\s*\};?\s*$", text)
    if found is None or "</script" in text.lower() or "<!--" in text:
        raise RuntimeError(f"{name} cannot stand in a page: join it again (`make js`)")
    return f"(() => {{\n{text[: found.start()]}return {found[1]};\n}})()"


@cache
def _style() -> str:
    return "\n".join(
        (STATIC / name).read_text(encoding="utf-8") for name in ("page.css", "compare_board.css")
    )


@cache
def _hash(text: str) -> str:
    """As a Content-Security-Policy names a script or a style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
