"""Rows of the ledger and exported folders become comparisons again."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ParamSpec

from hailuo_nb.engine import frame_store, session, states
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger import FILE_NAME
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.loop import LOOP, wait
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import (
    FieldError,
    FrameError,
    MissingKeyError,
    NoComparisonError,
    UnknownNameError,
)
from hailuo_nb.media.text import did_you_mean, shortened, visible
from hailuo_nb.ordering.accounts import account_at
from hailuo_nb.ordering.validation import losses
from hailuo_nb.providers import registry as adapters
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.fields import Fields, parse_json, parse_request
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results import bundle
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.job import Job
from hailuo_nb.results.race_board import RaceBoard
from hailuo_nb.results.saved_race import SavedRace
from hailuo_nb.results.source import LiveSource

P = ParamSpec("P")

_PLANNED_ELSEWHERE = (
    "another machine or user planned this clip in this ledger. hn.resume(send_planned=True) sends "
    "every such clip with your key, and you pay; asking for it yourself sends this one."
)


def load(name_or_path: str | os.PathLike[str]) -> Comparison:
    """See `Comparison.load`."""
    if isinstance(name_or_path, str) and (found := _from_ledger(name_or_path)) is not None:
        return found
    place = arguments.as_path("name_or_path", name_or_path)
    if _is_there(place):
        return _from_folder(place)
    raise NoComparisonError(shortened(visible(_not_found(str(name_or_path)))))


def _is_there(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:  # a name that is too long for a file
        return False


def _from_ledger(name: str) -> Comparison | None:
    try:
        name.encode()
    except UnicodeEncodeError:  # it may still be a file's name, which need not be text
        return None
    if not _has_ledger():
        return None
    runner = session.runner()
    found = wait(runner.ledger.board(name))
    if not found:
        return None
    jobs = jobs_of(runner, found)
    if (race := _race_of(name, wait(runner.ledger.race(name)))) is not None:
        return RaceBoard.of(race, jobs, (), name)
    return Comparison(jobs, title=name)


def _race_of(name: str, text: str | None) -> SavedRace | None:
    """What a stranger wrote there is no race."""
    if text is None:
        return None
    try:
        return SavedRace.parse(Fields(parse_json(text, "its race"), "its race"))
    except FieldError as error:
        warnings.warn(
            f"the race of {visible(name)!r} cannot be read, so that its verdict is of one look: "
            f"{visible(str(error))}",
            stacklevel=4,
        )
        return None


def _has_ledger() -> bool:
    """Looking for a name makes no ledger where there is none."""
    return (session.home() / FILE_NAME).exists()


def _from_folder(place: Path) -> Comparison:
    found = bundle.read(place)
    if found.race is not None:
        return RaceBoard.of(found.race, found.jobs, found.skipped, found.title)
    return Comparison(found.jobs, found.skipped, title=found.title)


def _not_found(name: str) -> str:
    boards = wait(session.runner().ledger.boards()) if _has_ledger() else []
    saved = [board.name for board in boards]
    message = (
        f"no comparison is saved as {arguments.describe(name)} in {session.home()}, and no file or "
        "folder has that name"
    )
    if meant := did_you_mean(name, saved, cutoff=0.5):
        return message + meant
    if saved:
        return f"{message}. Saved are: {', '.join(map(repr, saved))}."
    return f"{message}. board.save(name) keeps one."


def jobs_of(
    runner: Runner,
    rows: Sequence[JobRow],
    given: Sequence[Account] = (),
    *,
    send_planned: bool = False,
) -> list[Job]:
    """Jobs of the ledger. What is not over goes on, where its provider has a key here or among
    `given`.

    send_planned  send also what another machine or user planned in this ledger
    """
    by_place = {(account.name, account.base_url): account for account in given}
    source = LiveSource(runner)
    jobs, unreadable = [], []
    for row in rows:
        try:
            jobs.append(_job(source, row, by_place, send_planned))
        except (UnknownNameError, KeyError, TypeError, ValueError, AttributeError) as error:
            unreadable.append(f"{row.id} ({type(error).__name__}: {error})")
    if unreadable:
        head = f"{len(unreadable)} clips of the ledger in {runner.home} cannot be read"
        examples = visible(", ".join(unreadable[:3]))[:500]
        warnings.warn(f"{visible(head)} and are left out: {examples}", stacklevel=3)
    LOOP.run(runner.recall([job._tracked for job in jobs]))
    return jobs


def _job(
    source: LiveSource, row: JobRow, given: Mapping[tuple[str, str], Account], send_planned: bool
) -> Job:
    runner = source.runner
    ref = ProviderRef.parse(row.provider)
    adapter = adapters.get(ref.provider)
    data, lacks, has_key = parse_request(row.request), [], True
    if row.state == "planned" and not send_planned and not runner.ledger.is_ours(row):
        lacks.append(_PLANNED_ELSEWHERE)
    try:
        account = given.get((row.provider, row.base_url)) or account_at(row.provider, row.base_url)
    except MissingKeyError as error:
        account = Account(adapter, row.base_url, Credentials(), ref.simulated)
        lacks.append(str(error))
        has_key = False
    request = VideoRequest.from_json(
        data,
        lambda identity: frame_store.named(runner.home, identity),
        lambda kind, identity: frame_store.named_reference(runner.home, kind, identity),
    )
    if row.state in states.UNSENT:  # in any other state the frames are not needed
        try:
            request = frame_store.whole(runner.home, request)
        except FrameError as error:
            lacks.append(str(error))
    spec = JobSpec(account, request, row.take, row.cost, row.currency, " ".join(lacks))
    if not has_key:
        note = "" if row.state in states.FINAL else spec.lacks  # a job that is over needs no key
        return Job(LOOP.run(_on_loop(runner.show, row, spec, note)), source)
    return Job(LOOP.run(_on_loop(runner.adopt, row, spec)), source, losses(spec))


async def _on_loop(
    function: Callable[P, TrackedJob], *args: P.args, **kwargs: P.kwargs
) -> TrackedJob:
    return function(*args, **kwargs)
