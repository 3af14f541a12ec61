"""One HTML page of a comparison, with the notebook's board and player; needs no network.

The page without a script holds pictures, prompts, facts, and clips with the browser's controls; the
script turns those into the board, so that every clip is in the page once. Every text that a person
or a provider wrote is escaped. The policy lets no script run but ours, known by its hash, and lets
nothing be loaded from any host.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape as escape_markup
from pathlib import Path
from typing import Any, Literal, TypedDict
from urllib.parse import quote

from hailuo_nb.errors import ArgumentError, TooLargeError
from hailuo_nb.media.text import visible
from hailuo_nb.pages import effect_table, summary_table, words
from hailuo_nb.pages.assets import STATIC, script
from hailuo_nb.pages.clip_names import clip_names
from hailuo_nb.pages.effect_rows import Effects
from hailuo_nb.pages.markup import check_script, escape, policy, script_data
from hailuo_nb.pages.posters import file_url, poster_url
from hailuo_nb.pages.rows import BoardRow, cost_text, opinions, shared_prompt, specs
from hailuo_nb.pages.summary_rows import Summaries, plain
from hailuo_nb.requests import arguments

Mode = Literal["inline", "folder"]
Links = tuple[str, str]
"""Of the clip and the poster of a row: data URLs, or relative; "" for what is not there."""


class ViewState(TypedDict):
    """What a board shows: the traits of these names, see `widgets.compare_board.CompareBoard`."""

    view: str
    selected: list[str]
    filter: dict[str, Any]
    arrangement: dict[str, Any]


MAX_INLINE = 60_000_000
"""Bytes of clips in one page. As text they are a third more. Measured with nine clips of 62 MB, on
two cores that six others shared: written in 5 s, opened in Chromium with its board in 9 s."""

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


def page_path(path: Path, mode: Mode) -> Path:
    """The file of the page: a name without its suffix gets `.html`, as no browser shows a file
    without one; for mode "folder" it names a folder, and the page is its index.html.

    Raises ArgumentError for another mode, and for what names no file.
    """
    if not isinstance(mode, str) or mode not in _SOURCES:
        raise ArgumentError(
            "mode is 'inline' (one page) or 'folder' (a page with its files beside it), not "
            f"{arguments.describe(mode)}"
        )
    if path.suffix.lower() in {".html", ".htm"}:
        return path
    if mode != "folder" and path.name in {"", ".."}:
        raise ArgumentError(f"{arguments.describe(str(path))} names no file for a page")
    return path / PAGE if mode == "folder" else path.with_name(f"{path.name}.html")


def inline_links(
    files: Mapping[str, tuple[Path | None, Path | None]], target: Path
) -> dict[str, Links]:
    """Clips and posters, by the id of their row, as data URLs; "" for what cannot be read. `target`
    is the page. Raises TooLargeError."""
    sizes = [
        clip.stat().st_size for clip, _ in files.values() if clip is not None and clip.is_file()
    ]
    posters = sum(len(poster_url(poster)) for _, poster in files.values() if poster is not None)
    if sum(sizes) + posters > MAX_INLINE:
        raise TooLargeError(
            f"{len(sizes)} clips have {sum(sizes) / 1e6:.0f} MB together, and one page carries at "
            f"most {MAX_INLINE / 1e6:.0f} MB. Put them beside the page: "
            f'board.to_html({str(target.with_suffix(""))!r}, mode="folder")'
        )
    return {
        row_id: (
            file_url(clip, "video/mp4", MAX_INLINE) if clip is not None else "",
            poster_url(poster) if poster is not None else "",
        )
        for row_id, (clip, poster) in files.items()
    }


def relative_links(paths: Mapping[str, tuple[str | None, str | None]]) -> dict[str, Links]:
    """Relative paths of clips and posters, by the id of their row, as links."""
    return {
        row_id: (quote(clip or ""), quote(poster or "")) for row_id, (clip, poster) in paths.items()
    }


def render(
    title: str,
    rows: Sequence[BoardRow],
    links: Mapping[str, Links],
    mode: Mode = "inline",
    made_at: float | None = None,
    *,
    summaries: Summaries | None = None,
    effects: Effects | None = None,
    state: ViewState | None = None,
) -> str:
    """The whole page. `links` by the id of a row; `made_at` is a Unix time (now if None); `state`
    is what the board shows at first."""
    static = [_static_row(row) for row in rows]
    shared = shared_prompt(rows)
    found = [links.get(row["id"], ("", "")) for row in rows]
    names = clip_names(rows, words.translator())
    cards = "\n".join(
        _card(index, row, names[row["id"]], link, with_prompt=shared is None)
        for index, (row, link) in enumerate(zip(static, found, strict=True))
    )
    style, script = _style(), _script()
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy(script, style, _SOURCES[mode])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title or shared or "Comparison")}</title>
<style>{style}</style>
<main>
<h1>{escape(shared or title or "Comparison")}</h1>
{effect_table.render(effects)}<div id="hn-still">
{cards}
{summary_table.render(summaries or {}, styled=False)}
</div>
</main>
<footer>{_footer(rows, found, made_at)}</footer>
<script type="application/json" id="hn-data">{_json(title, static, summaries or {}, state)}</script>
<script type="module">{script}</script>
</html>
"""


def _footer(rows: Sequence[BoardRow], links: Sequence[Links], made_at: float | None) -> str:
    arrived = sum(1 for clip, _ in links if clip)
    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(made_at))
    simulated = any(row["simulated"] for row in rows)
    note = " Simulated clips are marked: no provider was asked for them." if simulated else ""
    return f"{arrived} of {len(rows)} clips, made with hailuo_nb, {made}.{note}"


def _static_row(row: BoardRow) -> BoardRow:
    """A row for a page without a kernel; its clip and poster are in the page already."""
    static: BoardRow = {**row, "video": None, "poster": ""}
    if row["state"] not in _OVER:
        static["submitted_at"] = static["eta"] = static["usual_seconds"] = None
        static["queue_position"] = None
        static["progress"] = row["progress"] or 0.0
        static["error"] = row["error"] or f"It was {row['state']} when this page was written."
    return static


def _card(index: int, row: BoardRow, name: str, link: Links, *, with_prompt: bool) -> str:
    label = f"{name}, {row['model']}, {row['resolution']}, {row['duration']} s"
    clip, poster = link
    if clip:
        picture = f' poster="{escape_markup(poster)}"' if poster else ""
        shown = (
            '<video controls loop muted playsinline preload="none" '
            f'aria-label="{escape(label)}"{picture} src="{escape_markup(clip)}"></video>'
        )
    else:
        shown = f'<div class="still-none">{escape(row["state"])}</div>'
    facts = [
        *specs(row),
        _wait_time(row),
        cost_text(row),
        *opinions(row),
    ]
    texts = [("still-error", f"{row['error']} {row['advice']}".strip())]
    if with_prompt:
        texts.insert(0, ("", row["prompt"]))
    lines = "".join(
        f'<p class="{name}"><bdi>{escape(text)}</bdi></p>' for name, text in texts if text
    )
    badge = '<span class="still-badge">SIMULATED</span>' if row["simulated"] else ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in row["notes"])
    return f"""<article data-row="{index}">
{shown}
<div class="still-facts">
<h2>{escape(row["provider_title"])} {badge}</h2>
<p class="still-line">{escape(" · ".join(fact for fact in facts if fact))}</p>
{lines}{f"<ul>{notes}</ul>" if notes else ""}
</div>
</article>"""


def _wait_time(row: BoardRow) -> str:
    if row["submitted_at"] is None or row["finished_at"] is None:
        return ""
    return f"{row['finished_at'] - row['submitted_at']:.0f} s from submit to file"


# The script and the style ------------------------------------------------------------------------


def _json(
    title: str, rows: Sequence[BoardRow], summaries: Summaries, state: ViewState | None
) -> str:
    """What the script shows. An id stays as it is, since it names the row."""
    shown = [{**_visible(row), "id": row["id"]} for row in rows]
    data = {
        "title": visible(title),
        "rows": shown,
        "summary": _visible(plain(summaries)),
        **(dict(state) if state else {}),
    }
    return script_data(data)


def _visible(value: Any) -> Any:
    """JSON with every text made visible."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {name: _visible(one) for name, one in value.items()}
    return [_visible(one) for one in value] if isinstance(value, list | tuple) else value


@cache
def _script() -> str:
    """The notebook's own board, handed to what shows it in a page."""
    page = (STATIC / "page.js").read_text(encoding="utf-8")
    return f"({_module(page)})({_module(script('compare_board.js', 'board', 'common'))});"


def _module(text: str) -> str:
    """A joined file, which imports nothing, as an expression: its default export. An inline script
    has no address to be imported from, and one from elsewhere would need a wider policy."""
    found = re.search(r"export\s*\{\s*([\w$]+) as default,?\s*\};?\s*$", text)
    if found is None:
        raise RuntimeError("a script has no default export: join it again (`make js`)")
    check_script(text)
    return f"(() => {{\n{text[: found.start()]}return {found[1]};\n}})()"


@cache
def _style() -> str:
    return "\n".join(
        (STATIC / name).read_text(encoding="utf-8") for name in ("page.css", "compare_board.css")
    )
