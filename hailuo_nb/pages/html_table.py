"""A small HTML table of clips with posters, for notebooks that show no widget.

No script and no style sheet, since an untrusted notebook drops those; every text that a person or a
provider wrote is escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from hailuo_nb.media import files
from hailuo_nb.media.text import shortened, visible
from hailuo_nb.pages import words
from hailuo_nb.pages.clip_names import clip_names
from hailuo_nb.pages.rows import BoardRow, cost_text, opinions, shared_prompt, specs

MAX_PICTURES = 400_000
"""Characters of posters in one table: it is saved with the notebook, once for each output."""
MAX_POSTER = 256_000
"""Bytes of a poster that is shown: ours have 20,000 at most."""

_CELL = "text-align:left;vertical-align:top;padding:4px 12px 4px 0"
_SOFT = "opacity:.75"
_BADGE = "border:1px solid;border-radius:3px;padding:0 4px;font-size:80%"


def render(
    rows: Sequence[BoardRow], title: str = "", players: Mapping[str, str] | None = None
) -> str:
    """One row a clip: poster, what it is, its state, its cost.

    title    over the table, unless all rows have one prompt, which then is there
    players  links to clips by the id of a row: a player then takes the place of the poster
    """
    shared = shared_prompt(rows)
    names = clip_names(rows, words.translator())
    left = MAX_PICTURES
    lines = []
    for row in rows:
        poster = row["poster"] if len(row["poster"]) <= left else ""
        left -= len(poster)
        player = players.get(row["id"], "") if players else ""
        picture = _picture(names[row["id"]], poster, player)
        lines.append(_line(row, picture, with_prompt=shared is None))
    caption = _escape(shared if shared is not None else title)
    first = "Poster" if players is None else ""
    return (
        # Between two dollar signs a notebook would set mathematics; a prompt is not mathematics.
        '<table class="tex2jax_ignore mathjax_ignore" style="border-collapse:collapse">'
        f'<caption style="text-align:left;padding:4px 0">{caption}</caption>'
        f"<thead><tr>{_header(first, 'Clip', 'State', 'Cost')}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def _header(*names: str) -> str:
    return "".join(f'<th scope="col" style="{_CELL}">{name}</th>' for name in names)


def _line(row: BoardRow, picture: str, *, with_prompt: bool) -> str:
    badge = f' <span style="{_BADGE}">SIMULATED</span>' if row["simulated"] else ""
    clip = f"<b>{_escape(row['provider_title'])}</b>{badge}<br>{_escape(' · '.join(specs(row)))}"
    if with_prompt:
        clip += f'<br><span style="{_SOFT}">{_escape(row["prompt"])}</span>'
    if said := opinions(row):
        clip += f"<br>{_escape(' · '.join(said))}"
    texts = (row["state"], row["error"], row["advice"], *row["notes"])
    state = "<br>".join(_escape(text) for text in texts if text)
    cells = [picture, clip, state, _escape(cost_text(row))]
    return "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>"


def _picture(name: str, poster: str, player: str) -> str:
    label = _escape(name)
    if player:
        # Without a poster a player shows the first frame, for which it has to load the file.
        shown = f'poster="{escape(poster)}" preload="none"' if poster else 'preload="metadata"'
        return (
            f'<video controls loop muted width="320" title="{label}" {shown} '
            f'src="{escape(player)}"></video>'
        )
    return f'<img width="160" alt="{label}" src="{escape(poster)}">' if poster else ""


def _escape(text: str) -> str:
    return escape(visible(shortened(text)))


def format_cost(cost: float | None, currency: str, simulated: bool) -> str:
    """`2.00 CNY`, `unknown`, or `free (simulated)`."""
    if simulated:
        return "free (simulated)"
    return "unknown" if cost is None else f"{cost:.2f} {currency}".strip()


@lru_cache(maxsize=512)
def poster_url(path: Path) -> str:
    """A poster as a data URL, "" where it cannot be read.

    Cached, because a board asks several times a second; the file never changes.
    """
    return data_url(path, "image/jpeg")


def data_url(path: Path, media_type: str, limit: int = MAX_POSTER) -> str:
    """A file of at most `limit` bytes as a data URL, "" where it cannot be read."""
    try:
        data = files.read_bounded(path, limit, follow=True)
    except OSError:
        return ""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
