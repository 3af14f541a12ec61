"""Clips at a glance: a small HTML table with posters, for notebooks that show no widget, and the
words beside it.

Pure but for reading a poster's file. Facts of clips (plain data, see `Comparison.rows`) in, HTML
out: no script and no style sheet, since an untrusted notebook takes those away; everything that a
person or a provider wrote is escaped. Must not know jobs.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from hailuo_nb.media import files
from hailuo_nb.media.text import shortened, visible

MAX_PICTURES = 400_000
"""Characters of posters in one table: it is saved with the notebook, once for each output."""

_CELL = "text-align:left;vertical-align:top;padding:4px 12px 4px 0"
_SOFT = "opacity:.75"
_BADGE = "border:1px solid;border-radius:3px;padding:0 4px;font-size:80%"


def table(
    rows: Sequence[Mapping[str, Any]], title: str = "", players: Mapping[str, str] | None = None
) -> str:
    """One row a clip: poster, what it is, what became of it, what it costs.

    rows   their keys prompt, provider_title, simulated, model, resolution, duration, take, state,
           error, advice, notes, cost (text) and poster (a data URL or "") are read
    title  stands over the table unless it is the one prompt of all rows, which does
    players  by the id of a row a link to its clip, which then stands where the poster would
    """
    prompts = list(dict.fromkeys(row["prompt"] for row in rows))
    shared = prompts[0] if len(prompts) == 1 else None
    left = MAX_PICTURES
    first = "Poster" if players is None else ""
    lines = []
    for row in rows:
        poster = row["poster"] if len(row["poster"]) <= left else ""
        left -= len(poster)
        lines.append(
            _line(
                row,
                _picture(row, poster, players.get(row["id"], "") if players else ""),
                shared is None,
            )
        )
    caption = _words(shared if shared is not None else title)
    return (
        # Between two dollar signs a notebook would set mathematics; a prompt is not mathematics.
        '<table class="tex2jax_ignore mathjax_ignore" style="border-collapse:collapse">'
        f'<caption style="text-align:left;padding:4px 0">{caption}</caption>'
        f"<thead><tr>{_heads(first, 'Clip', 'State', 'Cost')}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def _heads(*names: str) -> str:
    return "".join(f'<th scope="col" style="{_CELL}">{name}</th>' for name in names)


def _line(row: Mapping[str, Any], picture: str, with_prompt: bool) -> str:
    badge = f' <span style="{_BADGE}">SIMULATED</span>' if row["simulated"] else ""
    facts = [
        row["model"],
        row["resolution"],
        f"{row['duration']} s",
        f"take {row['take']}" if row["take"] else "",
    ]
    told = _words(" · ".join(fact for fact in facts if fact))
    clip = f"<b>{_words(row['provider_title'])}</b>{badge}<br>{told}"
    if with_prompt:
        clip += f'<br><span style="{_SOFT}">{_words(row["prompt"])}</span>'
    state = _words(row["state"])
    for said in (row["error"], row["advice"], *row.get("notes", ())):
        if said:
            state += f"<br>{_words(said)}"
    cells = [picture, clip, state, _words(row["cost"])]
    return "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>"


def _picture(row: Mapping[str, Any], poster: str, player: str) -> str:
    label = _words(f"{row['provider_title']}, take {row['take']}")
    if player:
        # Without its poster a player shows the first frame, for which it has to ask for the file.
        shown = f'poster="{escape(poster)}" preload="none"' if poster else 'preload="metadata"'
        return (
            f'<video controls loop muted width="320" title="{label}" {shown} '
            f'src="{escape(player)}"></video>'
        )
    return f'<img width="160" alt="{label}" src="{escape(poster)}">' if poster else ""


def _words(text: str) -> str:
    return escape(visible(shortened(text)))


def cost_text(cost: float | None, currency: str, simulated: bool) -> str:
    """`2.00 CNY`, `unknown`, or `free (simulated)`."""
    if simulated:
        return "free (simulated)"
    return "unknown" if cost is None else f"{cost:.2f} {currency}".strip()


MAX_POSTER = 256_000
"""Bytes of a poster that is shown: ours have 20,000 at most."""


@lru_cache(maxsize=512)
def poster_url(path: Path) -> str:
    """A poster as a data URL, "" where it cannot be read.

    Kept, because a board asks several times a second; the file never changes.
    """
    return data_url(path, "image/jpeg")


def data_url(path: Path, media_type: str, most: int = MAX_POSTER) -> str:
    """A file of `most` bytes at most as a data URL, "" where it cannot be read."""
    try:
        data = files.read_bounded(path, most, follow=True)
        return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
    except OSError:
        return ""
