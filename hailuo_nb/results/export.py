"""A comparison as files: JSON, a page, a folder that travels, and a snapshot for the notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.media import files
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.pages import page
from hailuo_nb.pages.page import Mode
from hailuo_nb.pages.rows import BoardRow
from hailuo_nb.pages.snapshot import Snapshot, notebook_name
from hailuo_nb.results import bundle, rows
from hailuo_nb.results.job import Job, source_of
from hailuo_nb.results.rows import relative_path


@dataclass(frozen=True, slots=True)
class Content:
    """What is written of a comparison: its clips without those that were deleted by hand."""

    title: str
    jobs: Sequence[Job]
    skipped: Sequence[Skipped]

    def rows(self, folder: Path) -> list[BoardRow]:
        return [rows.of_job(job, folder) for job in self.jobs] + [
            rows.of_skipped(skip) for skip in self.skipped
        ]

    def document(self, paths: Mapping[str, bundle.Paths]) -> dict[str, Any]:
        """The content of comparison.json; `paths` by the job's id."""
        records = [bundle.record(job, *paths[job.id]) for job in self.jobs]
        return bundle.document(self.title, records, self.skipped, votes_of(self.jobs))


def votes_of(jobs: Sequence[Job]) -> list[Vote]:
    """The votes between these jobs, in the order in which they were given."""
    return source_of(jobs[0]).votes([job.id for job in jobs]) if jobs else []


def write_json(content: Content, path: Path) -> Path:
    """See `Comparison.to_json`."""
    target, root = files.user_target(path)
    folder = target.parent
    paths = {
        job.id: (relative_path(job.path, folder), relative_path(job.poster, folder))
        for job in content.jobs
    }
    bundle.write(target, content.document(paths), root)
    return path.expanduser()


def write_page(content: Content, path: Path, mode: Mode) -> Path:
    """See `Comparison.to_html`."""
    named = page.page_path(path, mode)
    target = files.user_target(named)[0]
    if mode == "folder":
        root = files.user_target(named.parent)[1]
        paths = bundle.copy_files(content.jobs, target.parent, root)
        bundle.write(target.parent / bundle.FILE, content.document(paths), root)
        links = page.relative_links(paths)
    else:
        root = files.user_target(named)[1]
        links = page.inline_links({job.id: (job.path, job.poster) for job in content.jobs}, target)
    rows = content.rows(Path.cwd())
    bundle.write_whole(target, page.render(content.title, rows, links, mode), root)
    return named


def make_snapshot(content: Content, subfolder: str, folder: Path) -> Snapshot:
    """See `Comparison.snapshot`. `folder` is the notebook's, absolute; clips that lie elsewhere are
    copied into its `subfolder`, by default `<notebook>_files`."""
    subfolder = subfolder or f"{notebook_name()}_files"
    copies = bundle.Copies(folder, folder)
    clips = {
        job.id: relative_path(job.path, folder) or copies.add(job.path, subfolder)
        for job in content.jobs
    }
    posters = {job.id: job.poster for job in content.jobs if job.poster is not None}
    found = {job_id: clip for job_id, clip in clips.items() if clip}
    return Snapshot(content.title, content.rows(folder), found, posters)
