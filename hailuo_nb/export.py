"""One page of a comparison that plays from disk with the network off.

Pure: rows (plain data, see `Comparison.rows`) in, HTML out. Everything a person or a provider wrote is escaped;
the page's policy allows no script and no request at all.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from html import escape as quoted
from typing import Any

from hailuo_nb.told import visible

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:"

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --soft: #5c6670; --line: #d9dee3; --card: #fff;
        --page: #f4f6f8; --warn: #8a4b00; --warn-back: #fff1dc; --bad: #a3201a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --soft: #9aa6b2; --line: #39424b;
        --card: #1d242b; --page: #14191e; --warn: #ffcf8a; --warn-back: #44330f; --bad: #ff9c95; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 24px clamp(12px, 3vw, 40px) 48px; background: var(--page); color: var(--ink);
       font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
header { max-width: 1600px; margin: 0 auto 20px; }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 4px; }
header p { margin: 0; color: var(--soft); }
main { max-width: 1600px; margin: 0 auto; display: grid; gap: 16px;
       grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); }
article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
video, .none { display: block; width: 100%; aspect-ratio: 16 / 9; background: #0b0e11; object-fit: contain; }
.none { display: grid; place-items: center; color: #aeb8c2; padding: 16px; text-align: center; }
.facts { padding: 12px 14px 14px; }
h2 { font-size: 16px; margin: 0; display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }
.badge { font-size: 11px; font-weight: 600; letter-spacing: .04em; color: var(--warn);
         background: var(--warn-back); border-radius: 4px; padding: 1px 6px; }
.line { color: var(--soft); margin: 2px 0 0; }
.error { color: var(--bad); margin: 6px 0 0; overflow-wrap: anywhere; }
.prompt { margin: 8px 0 0; overflow-wrap: anywhere; }
ul { margin: 6px 0 0; padding-left: 18px; color: var(--soft); }
"""


def escape(text: str) -> str:
    """Text that a person or a provider wrote, as HTML: nothing of it is markup, and nothing is unseen."""
    return quoted(visible(text))


def page(title: str, rows: Sequence[dict[str, Any]], made_at: float | None = None) -> str:
    """The whole page. `video` of a row is a data URL or None; `made_at` is a Unix time (now if None)."""
    prompts = list(dict.fromkeys(row["prompt"] for row in rows))
    shared = prompts[0] if len(prompts) == 1 else None
    arrived = sum(1 for row in rows if row["video"])
    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(made_at))
    simulated = " Simulated clips are marked: no provider was asked for them." if _any_simulated(rows) else ""
    cards = "\n".join(_card(row, shared is None) for row in rows)
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
<header>
<h1>{escape(shared or title)}</h1>
<p>{arrived} of {len(rows)} clips, made with hailuo_nb, {made}.{simulated}</p>
</header>
<main>
{cards}
</main>
</html>
"""


def _any_simulated(rows: Sequence[dict[str, Any]]) -> bool:
    return any(row["simulated"] for row in rows)


def _card(row: dict[str, Any], with_prompt: bool) -> str:
    label = f"{row['provider_title']}, {row['model']}, {row['resolution']}, {row['duration']} s"
    if row["video"]:
        poster = f' poster="{quoted(row["poster"])}"' if row["poster"] else ""
        shown = (
            f'<video controls loop muted autoplay playsinline preload="auto" aria-label="{escape(label)}"'
            f'{poster} src="{quoted(row["video"])}"></video>'
        )
    else:
        shown = f'<div class="none">{escape(row["state"])}</div>'
    facts = [
        row["model"], f"{row['resolution']} · {row['duration']} s", f"take {row['take']}" if row["take"] else "",
        _waited(row), row["cost"],
    ]  # fmt: skip
    badge = '<span class="badge">SIMULATED</span>' if row["simulated"] else ""
    error = (
        f'<p class="error"><bdi>{escape(row["error"])}</bdi> {escape(row["advice"])}</p>'
        if row["error"]
        else ""
    )
    prompt = f'<p class="prompt">{escape(row["prompt"])}</p>' if with_prompt else ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in row["notes"])
    return f"""<article>
{shown}
<div class="facts">
<h2>{escape(row["provider_title"])} {badge}</h2>
<p class="line">{escape(" · ".join(fact for fact in facts if fact))}</p>
{prompt}{error}{f"<ul>{notes}</ul>" if notes else ""}
</div>
</article>"""


def _waited(row: dict[str, Any]) -> str:
    if row["submitted_at"] is None or row["finished_at"] is None:
        return ""
    return f"{row['finished_at'] - row['submitted_at']:.0f} s from submit to file"
