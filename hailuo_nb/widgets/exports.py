"""Files of a comparison for its page: made one at a time in a thread, sent in chunks, not kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from hailuo_nb.engine.threads import start_thread
from hailuo_nb.errors import HailuoError
from hailuo_nb.media.scratch import ScratchFolder
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.job import Job
from hailuo_nb.widgets.wire import EXPORTS, Reply, Request, send_file

_SUFFIXES = {"page": ".html", "png": ".png", "video": ".mp4", "csv": ".csv"}

_one_at_a_time = threading.Lock()


class Exports:
    """Answers the request `export` of a board: `{what, language, clips, blind}`.

    what    one of `wire.EXPORTS`
    clips   `{id, name}` of the clips that are shown, in their order, by the names that they have
            there; a page has all clips of the comparison
    blind   whether names are hidden: then a picture or video has none of provider, model and price
    """

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    def answer(self, request: Request, reply: Reply) -> None:
        """Start to make the file. Raises ValueError for a request that names none."""
        what = request.text("what")
        if what not in EXPORTS:
            raise ValueError(f"the board makes no file {what!r}")
        names = _names(request.fields.get("clips"))
        work = _Work(
            self._comparison,
            what,
            names,
            language=request.text("language"),
            blind=request.fields.get("blind") is True,
        )
        # No daemon, as one that is in the encoder when the process ends would take it down; `stop`
        # ends it soon.
        start_thread(partial(work.run, reply), "hailuo-export", daemon=False)


class _Work:
    """One file."""

    def __init__(
        self,
        comparison: Comparison,
        what: str,
        names: dict[str, str],
        *,
        language: str,
        blind: bool,
    ) -> None:
        self._comparison = comparison
        self._what = what
        self._names = names
        self._language = language
        self._blind = blind

    def run(self, reply: Reply) -> None:
        try:
            with _one_at_a_time, ScratchFolder("hailuo-export-") as folder:
                path = folder / f"comparison{_SUFFIXES[self._what]}"
                self._write(path)
                send_file(reply, path)
        except HailuoError as error:
            reply.error(str(error))
        except Exception as error:
            # Nobody sees a traceback of a thread, and the page would wait for ever.
            reply.refuse("export_failed", error=str(error))

    def _write(self, path: Path) -> None:
        comparison = self._comparison
        if self._what == "page":
            comparison.to_html(path)
        elif self._what == "csv":
            skipped = [skip for skip in comparison.skipped if skip.id in self._names]
            comparison.to_csv(path, clips=[*self._jobs(), *skipped])
        else:
            write: Callable[..., Path] = (
                comparison.to_png if self._what == "png" else comparison.to_video
            )
            write(
                path,
                clips=self._jobs(),
                names=self._names,
                language=self._language,
                blind=self._blind,
            )

    def _jobs(self) -> Sequence[Job]:
        jobs = {job.id: job for job in self._comparison.jobs if not job.hidden}
        return [jobs[job_id] for job_id in self._names if job_id in jobs]


def _names(clips: Any) -> dict[str, str]:
    """The names by id, in their order. Raises ValueError for what is no list of clips."""
    if not isinstance(clips, list) or not all(isinstance(one, dict) for one in clips):
        raise ValueError("the request has no list of clips")
    return {str(one.get("id", "")): str(one.get("name", ""))[:200] for one in clips}
