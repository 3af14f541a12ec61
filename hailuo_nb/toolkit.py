"""The public functions: generate, compare, dry_run, resume, history, matrix.

The composition root: it may know every room below it, and holds no logic of its own beyond the putting together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from hailuo_nb import budget, compat, pricing
from hailuo_nb import providers as adapters
from hailuo_nb.access import MissingKeyError, Providers, access_at, targets
from hailuo_nb.asking import InvalidRequestError, asked, losses, sort_out
from hailuo_nb.comparison import Comparison, Skipped
from hailuo_nb.engine import framestore, session
from hailuo_nb.engine.judging import Mark
from hailuo_nb.engine.ledger import JobRow
from hailuo_nb.engine.live import Asked, Live
from hailuo_nb.engine.loop import LOOP, wait
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.transport import SIMULATED, Access
from hailuo_nb.frame import Frame, FrameError
from hailuo_nb.job import FIELDS, Job, progress_of
from hailuo_nb.keys import Credentials
from hailuo_nb.request import VideoRequest, parse_resolution

if TYPE_CHECKING:
    import pandas as pd


def generate(
    prompt: str, *, provider: str | Access, model: str | None = None, resolution: str = "768P", duration: int = 6,
    first_frame: Any = None, last_frame: Any = None, prompt_optimizer: bool | None = None,
    fast_pretreatment: bool | None = None, watermark: bool | None = None, take: int = 1,
) -> Job:  # fmt: skip
    """One clip; returns at once. The same call again gives the same job and pays nothing; `take=2` another sample.

    prompt       text; camera moves in brackets, English or Chinese: "A cat runs [Push in,Pan left]"
    provider     "modelverse", "xcompute/MiniMax-Hailuo-2.3-Fast", "simulated:ppinfra", or `hn.provider(...)`
    model        MiniMax's name; the provider's default if None
    resolution   "768P" or "1080P"
    duration     seconds, 6 or 10
    first_frame, last_frame   path, https link, data URL, bytes, PIL image or array (height, width, 3) uint8
    prompt_optimizer, fast_pretreatment, watermark   None leaves the provider's default

    Raises InvalidRequestError (before anything is sent), MissingKeyError, UnknownName, FrameError.
    """
    board = compare(
        prompt, providers=[provider], model=model, resolution=resolution, duration=duration,
        first_frame=first_frame, last_frame=last_frame, prompt_optimizer=prompt_optimizer,
        fast_pretreatment=fast_pretreatment, watermark=watermark, take=take,
    )  # fmt: skip
    return board[0]


def compare(
    prompt: str | Sequence[str], *, providers: Providers, model: str | None = None, resolution: str = "768P",
    duration: int = 6, first_frame: Any = None, last_frame: Any = None, prompt_optimizer: bool | None = None,
    fast_pretreatment: bool | None = None, watermark: bool | None = None, take: int = 1, takes: int = 1,
    skip_invalid: bool = False, max_cost: float | None = None, max_clips: int | None = None,
) -> Comparison:  # fmt: skip
    """The same request at several providers, side by side; returns at once.

    prompt        one, or several (each at each provider)
    takes         how many samples of each, numbered from `take`
    skip_invalid  leave out what a provider cannot make and show it as such, instead of raising
    max_cost      send nothing if the clips that would be newly paid cost more, by list price, in any currency;
                  a clip whose price nobody knows is refused then
    max_clips     send nothing if more clips than this would be newly sent

    The other arguments are those of `generate`; raises BudgetError as well. `hn.dry_run(...)` takes the same
    arguments and sends nothing.
    """
    wanted = _clips(
        prompt, providers, range(take, take + takes), model=model, resolution=resolution, duration=duration,
        first_frame=first_frame, last_frame=last_frame, prompt_optimizer=prompt_optimizer,
        fast_pretreatment=fast_pretreatment, watermark=watermark,
    )  # fmt: skip
    good, skipped = sort_out(wanted)
    if skipped and not skip_invalid:
        problems = [(skip.provider, problem) for skip in skipped for problem in skip.problems]
        raise InvalidRequestError(list(dict.fromkeys(problems)))
    if max_cost is not None or max_clips is not None:
        fresh = [(item.cost, item.currency) for item in good if _known_job(item) is None]
        budget.check(fresh, max_cost=max_cost, max_clips=max_clips)
    prompts = list(dict.fromkeys(item.request.prompt for item in wanted))
    title = prompts[0] if len(prompts) == 1 else f"{len(prompts)} prompts"
    return Comparison(ask(good), skipped, title=title, view=_view)


def dry_run(
    prompt: str | Sequence[str], *, providers: Providers, take: int = 1, takes: int = 1, **settings: Any
) -> pd.DataFrame:
    """What `hn.compare` with the same arguments would do, and send nothing: one row a clip.

    `would` is "send" (a new clip, paid), "reuse" (the ledger has it: `job`), or "refuse" with the `problem`.
    `cost` is the list price of what would be sent, NaN where nobody knows it; `source` says where it is from.
    """
    import pandas as pd

    wanted = _clips(prompt, providers, range(take, take + takes), **settings)
    skipped = {skip.id: skip for skip in sort_out(wanted)[1]}
    rows = []
    for item in wanted:
        problem = skipped.get(Skipped.id_of(item.access.name, item.request))
        known = None if problem else _known_job(item)
        price = pricing.estimate(item.request, item.access.provider.name)
        rows.append(
            {
                "provider": item.access.name, "model": item.request.model, "prompt": item.request.prompt,
                "resolution": item.request.resolution, "duration": item.request.duration, "take": item.take,
                "would": "refuse" if problem else "reuse" if known else "send",
                "cost": 0.0 if problem or known else item.cost, "currency": item.currency,
                "source": "" if item.access.simulated else f"{price.source} {price.date}".strip(),
                "job": known.id if known else None, "problem": problem.error if problem else None,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def resume(*, providers: Sequence[Access] = ()) -> Comparison:
    """Go on with everything in the ledger that is not over: watch, fetch, look for what is unclear. Returns at once.

    Nothing is sent that may have been paid already; a clip that surely was not sent is sent now, as it was asked for.

    providers  what `hn.provider(...)` returned, for jobs at another `base_url`, or where no key is found here.
               A job whose provider has no key stays as it is and says so.
    """
    runner = session.runner()
    given = {(access.name, access.base_url): access for access in providers}
    rows = wait(runner.ledger.open_rows())
    jobs = [_resumed(runner, row, given) for row in rows]
    return Comparison(jobs, title="Open clips", view=_view)


def _resumed(runner: Runner, row: JobRow, given: dict[tuple[str, str], Access]) -> Job:
    adapter = adapters.get(row.provider.removeprefix(SIMULATED))
    bare = Access(adapter, row.base_url, Credentials(), row.provider.startswith(SIMULATED))
    data = json.loads(row.request)
    try:
        access = given.get((row.provider, row.base_url)) or access_at(row.provider, row.base_url)
        request = VideoRequest.from_json(data, lambda identity: framestore.load(runner.home, identity))
    except (MissingKeyError, FrameError) as error:
        frameless = VideoRequest.from_json(data, lambda _: None)
        stopped = Asked(bare, frameless, row.take, row.cost, row.currency)
        return Job(LOOP.run(_later(runner.show, row, stopped, str(error))), runner)
    item = Asked(access, request, row.take, row.cost, row.currency)
    return Job(LOOP.run(_later(runner.adopt, row, item)), runner, losses(item))


async def _later(function: Callable[..., Live], *args: Any) -> Live:
    """Call something that must run on the background loop."""
    return function(*args)


def _clips(
    prompt: str | Sequence[str], providers: Providers, takes: Sequence[int], *, model: str | None = None,
    resolution: str = "768P", duration: int = 6, first_frame: Any = None, last_frame: Any = None, **switches: Any,
) -> list[Asked]:  # fmt: skip
    """Every prompt at every provider, in every take, with its list price."""
    if not takes or takes[0] < 1:
        raise ValueError("take and takes count from 1")
    template = VideoRequest(
        prompt="",
        model="",
        resolution=parse_resolution(resolution),
        duration=_seconds(duration),
        first_frame=_frame("first_frame", first_frame),
        last_frame=_frame("last_frame", last_frame),
        **switches,
    )
    chosen = targets(providers, model)
    return [
        asked(target.access, template.but(prompt=text, model=target.model), number)
        for text in ([prompt] if isinstance(prompt, str) else prompt)
        for target in chosen
        for number in takes
    ]


def _known_job(item: Asked) -> JobRow | None:
    """The job that would answer, if this clip was asked for now and would not be sent."""
    assert item.take is not None
    return wait(session.runner().ledger.known(item.identity, item.take))


def ask(wanted: Sequence[Asked]) -> list[Job]:
    """Jobs for these clips, committed to the ledger before this returns."""
    runner = session.runner()
    lives = LOOP.run(runner.ask(wanted))
    return [Job(live, runner, losses(item)) for live, item in zip(lives, wanted, strict=True)]


def history() -> pd.DataFrame:
    """The whole ledger, one row a clip, columns as in `job.FIELDS`, times in Unix seconds."""
    import pandas as pd

    runner = session.runner()
    rows = []
    known = wait(runner.ledger.rows())
    marks = wait(runner.judging.marks([row.id for row in known]))
    for row in known:
        values = {name: getattr(row, name, None) for name in FIELDS}
        mark = marks.get(row.id, Mark())
        values |= {"rating": mark.rating, "note": mark.note, "tags": list(mark.tags)}
        values["progress"] = progress_of(row.state, runner.percent(row.id))
        values["path"] = None if row.path is None else str(runner.home / row.path)
        rows.append(values)
    return pd.DataFrame(rows, columns=list(FIELDS))


def matrix() -> pd.DataFrame:
    """Which model makes which clip where: one row for each provider, model, resolution and duration."""
    import pandas as pd

    return pd.DataFrame(
        {
            "provider": row.provider, "model": row.model, "endpoint": row.endpoint, "resolution": cell.resolution,
            "duration": cell.duration, "sent_as": str(cell.sent_as), "text": row.text,
            "first_frame": row.first_frame, "last_frame": row.last_frame, "assumed": cell.assumed,
            "note": cell.note, "source": row.source,
        }
        for row in compat.rows()
        for cell in row.cells
    )  # fmt: skip


def _frame(which: str, source: Any) -> Frame | None:
    try:
        return None if source is None else Frame.of(source)
    except FrameError as error:
        raise FrameError(f"{which}: {error}") from None


def _seconds(duration: int) -> int:
    if isinstance(duration, bool) or not isinstance(duration, int):
        raise ValueError(f"duration {duration!r} must be a whole number of seconds")  # noqa: TRY004
    return duration


def _view(comparison: Comparison) -> Any:
    """The widget that shows a comparison, or None where no front end could show one."""
    from hailuo_nb.widgets import feed

    return feed.board_for(comparison)
