"""One HTML page that asks about blind pairs of clips, and gives the votes back as a file; needs no
network.

It knows neither providers nor models: what tells who made a clip is not in it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hailuo_nb.media.text import visible
from hailuo_nb.pages.assets import STATIC, script
from hailuo_nb.pages.markup import check_script, escape, policy, script_data

FORMAT = "hailuo_nb.votes"
VERSION = 1
"""Of the file that the page writes and `results.votes_file` reads."""


@dataclass(frozen=True, slots=True)
class BallotClip:
    """video  the MP4, which should not say who made it: see `media.metadata`"""

    id: str
    prompt: str
    video: bytes


def render(
    title: str, clips: Sequence[BallotClip], pairs: Sequence[tuple[str, str]], fingerprint: str
) -> str:
    """The whole page. `pairs` of ids, in the order in which they are asked about; which one stands
    left is chance, anew for each rater."""
    place = {clip.id: index for index, clip in enumerate(clips)}
    data = {
        "format": FORMAT,
        "version": VERSION,
        "title": visible(title),
        "fingerprint": fingerprint,
        "clips": [{"id": clip.id, "prompt": visible(clip.prompt)} for clip in clips],
        "pairs": [[place[one], place[other]] for one, other in pairs],
    }
    held = "\n".join(
        f'<script type="text/plain" data-clip="{index}">{b64encode(clip.video).decode()}</script>'
        for index, clip in enumerate(clips)
    )
    style, run = _style(), _script()
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy(run, style, "media-src blob:")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title or "Ballot")}</title>
<style>{style}</style>
<main id="hn-ballot"><noscript>This ballot needs JavaScript. It asks no server.</noscript></main>
<script type="application/json" id="hn-data">{script_data(data)}</script>
{held}
<script type="module">{run}</script>
</html>
"""


@cache
def _script() -> str:
    text = script("ballot.js", "ballot")
    check_script(text)
    return text


@cache
def _style() -> str:
    return (STATIC / "ballot.css").read_text(encoding="utf-8")
