"""What must hold of a comparison that came from elsewhere, in every way in which it can be looked
at."""

from __future__ import annotations

import json
import math
import warnings
from dataclasses import asdict
from html.parser import HTMLParser
from pathlib import Path

import hailuo_nb as hn
from hailuo_nb.engine.states import STATES
from hailuo_nb.measure.axes import AXES

SECRET = "s3cr3t-of-this-user"
MAX_TOLD = 6000  # characters of an error
_TAGS = frozenset({
    "html", "meta", "title", "style", "main", "h1", "h2", "div", "section", "article", "video", "img", "p",
    "bdi", "ul", "li", "details", "summary",
    "span", "footer", "script", "table", "caption", "thead", "tbody", "tr", "th", "td", "b", "br",
})  # fmt: skip
_LINKS = ("data:image/jpeg;", "data:video/mp4;")


def check(board: hn.Comparison, home: Path, page: Path) -> None:
    """Its numbers are a clip's, its files lie in `home`, and nothing of it is markup or holds the
    secret."""
    for job in board:
        assert job.rating in range(6)
        assert job.state in STATES
        assert job.take >= 0
        assert len(job.waveform) <= 1000
        for number in (
            job.cost,
            job.fps,
            job.submitted_at,
            job.finished_at,
            job.bytes,
            job.frames,
            job.progress,
        ):
            assert number is None or (math.isfinite(number) and number >= 0)
        for path in (job.path, job.poster):
            assert path is None or path.resolve().is_relative_to(home.resolve())
    wire = json.dumps(
        board.rows(folder=home), allow_nan=False
    )  # as it goes to a page, whose JSON has no NaN
    for by in AXES:
        rows = [asdict(row) for row in board.summary_rows(by)]
        wire += json.dumps(rows, allow_nan=False) + str(board.summary(by))
    bundle = board._repr_mimebundle_()
    one_page = board.to_html(page).read_text(encoding="utf-8")
    shown = [wire, one_page, repr(board), str(bundle), repr(board.to_frame())]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of votes that rank nothing
        shown += [*map(repr, board), *(str(board.ranking(by)) for by in AXES)]
    html = [one_page, bundle["text/html"], *(job._repr_html_() for job in board)]
    for text in (*shown, *html):
        text.encode("utf-8")
        assert SECRET not in text
    for text in html:
        _Ours().feed(text)


class _Ours(HTMLParser):
    """Fails at markup that we do not write."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _TAGS
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"href", "srcdoc", "action", "formaction"}
            assert name not in {"src", "poster"} or str(value).startswith(_LINKS)
        assert tag != "script" or dict(attrs).get("type") in {"application/json", "module"}
