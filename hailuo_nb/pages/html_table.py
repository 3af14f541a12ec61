"""A small HTML table of clips with posters, for notebooks that show no widget.

No script and no style sheet, since an untrusted notebook drops those; every text that a person or a
provider wrote is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape as escape_link

from hailuo_nb.pages import words
from hailuo_nb.pages.clip_names import clip_names
from hailuo_nb.pages.markup import escape_short as escape
from hailuo_nb.pages.rows import BoardRow, cost_text, opinions, shared_prompt, specs

MAX_PICTURES = 400_000
"""Characters of posters in one table: it is saved with the notebook, once for each output."""

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
    caption = escape(shared if shared is not None else title)
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
    clip = f"<b>{escape(row['provider_title'])}</b>{badge}<br>{escape(' · '.join(specs(row)))}"
    if with_prompt:
        clip += f'<br><span style="{_SOFT}">{escape(row["prompt"])}</span>'
    if said := opinions(row):
        clip += f"<br>{escape(' · '.join(said))}"
    texts = (row["state"], row["error"], row["advice"], *row["notes"])
    state = "<br>".join(escape(text) for text in texts if text)
    cells = [picture, clip, state, escape(cost_text(row))]
    return "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>"


def _picture(name: str, poster: str, player: str) -> str:
    label = escape(name)
    if player:
        # Without a poster a player shows the first frame, for which it has to load the file.
        shown = f'poster="{escape_link(poster)}" preload="none"' if poster else 'preload="metadata"'
        return (
            f'<video controls loop muted width="320" title="{label}" {shown} '
            f'src="{escape_link(player)}"></video>'
        )
    return f'<img width="160" alt="{label}" src="{escape_link(poster)}">' if poster else ""
