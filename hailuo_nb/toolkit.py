"""The public functions, where everything is put together: names and keys become an Access, words a VideoRequest.

The composition root: it may know every room below it and holds no logic of its own beyond the putting together.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hailuo_nb import budget, compat, pricing
from hailuo_nb import providers as adapters
from hailuo_nb.comparison import Comparison, Skipped
from hailuo_nb.compat import Problem
from hailuo_nb.engine import framestore, session
from hailuo_nb.engine.ledger import JobRow
from hailuo_nb.engine.live import Asked, Live
from hailuo_nb.engine.loop import LOOP, wait
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.transport import SIMULATED, Access, Credentials, is_loopback
from hailuo_nb.frame import Frame, FrameError
from hailuo_nb.job import FIELDS, Job, progress_of
from hailuo_nb.request import VideoRequest, parse_resolution

if TYPE_CHECKING:
    import pandas as pd

Providers = str | Access | Sequence[str | Access]


class MissingKeyError(LookupError):
    """A provider has no key here. The message says which variable to set and what needs none."""


class InvalidRequestError(ValueError):
    """A provider cannot make what was asked. `problems` is a list of (provider name, Problem)."""

    def __init__(self, problems: Sequence[tuple[str, Problem]]) -> None:
        self.problems = list(problems)
        lines = [f"- {name}: {problem.message}{_nearest(problem)}" for name, problem in problems]
        head = (
            "Nothing was sent: "
            + ("this clip" if len(lines) == 1 else f"{len(lines)} things")
            + " cannot be made."
        )
        super().__init__(
            "\n".join([head, *lines, "skip_invalid=True leaves such clips out and makes the others."])
        )


def _nearest(problem: Problem) -> str:
    near = problem.nearest
    if near is None:
        return ""
    frames = [name for name in ("first_frame", "last_frame") if getattr(near, name) is not None]
    with_frames = f" with {' and '.join(frames)}" if frames else ""
    return f" Nearest: {near.model}, {near.resolution}, {near.duration} s{with_frames}."


@dataclass(frozen=True, slots=True)
class Target:
    """One provider and the model asked of it."""

    access: Access
    model: str


def provider(
    name: str, *, api_key: str | None = None, app_id: str | None = None, secret_key: str | None = None,
    base_url: str | None = None,
) -> Access:  # fmt: skip
    """A configured provider, accepted wherever a provider's name is.

    name      "ppinfra", "modelverse", "chanjing", "xcompute"; with "simulated:" before it, its stand-in
    api_key   else the provider's environment variable is read (Chanjing: `app_id` and `secret_key`)
    base_url  another address of the same API. It needs an explicit key, since a key from the environment goes
              only to the provider's own hosts; plain http only on loopback.

    Raises UnknownName, MissingKeyError, ValueError.
    """
    simulated = name.startswith(SIMULATED)
    adapter = adapters.get(name.removeprefix(SIMULATED))
    given = tuple(value for value in (app_id, secret_key) if value) or ((api_key,) if api_key else ())
    if simulated:
        if base_url is not None:
            raise ValueError(
                f"{name} runs inside this kernel and has no base_url; use {adapter.name!r} for a server"
            )
        return Access(
            adapter, adapter.base_url, Credentials(*("simulated" for _ in adapter.key_variables)), True
        )
    address = _checked_address(base_url, adapter.hosts) if base_url else adapter.base_url
    if base_url and not given and urlsplit(address).hostname not in adapter.hosts:
        raise MissingKeyError(
            f"{adapter.name} at {urlsplit(address).netloc} needs its key given with it: a key from the environment "
            "goes only to the provider's own hosts."
        )
    keys = given or tuple(os.environ.get(variable, "") for variable in adapter.key_variables)
    keys = tuple(key.strip() for key in keys)
    if len(keys) != len(adapter.key_variables) or not all(keys):
        raise MissingKeyError(_missing(adapter.name, adapter.key_variables))
    if any(not key.isascii() or any(char.isspace() for char in key) for key in keys):
        raise ValueError(f"the key for {adapter.name} has spaces or letters that no key has; copy it again")
    return Access(adapter, address, Credentials(*keys))


def _missing(name: str, variables: Sequence[str]) -> str:
    return (
        f"{name} needs a key: set the environment variable {' and '.join(variables)} before the kernel starts, or "
        f"use {SIMULATED + name!r}, which needs none and costs nothing."
    )


def _checked_address(base_url: str, hosts: frozenset[str]) -> str:
    parts = urlsplit(base_url)
    if parts.username or parts.password:
        raise ValueError("a base_url must not hold a name or password")
    if parts.scheme == "https" and parts.hostname:
        return base_url.rstrip("/")
    if parts.scheme == "http" and parts.hostname and is_loopback(parts.hostname):
        return base_url.rstrip("/")
    raise ValueError(
        f"base_url {base_url!r} must be https (plain http only for this machine); known: {sorted(hosts)}"
    )


_known: dict[tuple[str, str, tuple[str, ...]], Access] = {}


def _target(wanted: str | Access, model: str | None) -> Target:
    """`"xcompute/MiniMax-Hailuo-2.3-Fast"`, `"simulated:ppinfra"` or an Access -> provider and model."""
    if isinstance(wanted, Access):
        access, named = wanted, None
    else:
        name, _, named = wanted.strip().partition("/")
        access = provider(name)
        # The same name gives the same Access, so that clients, limits and tokens are shared between calls.
        key = (access.name, access.base_url, access.credentials.reveal())
        access = _known.setdefault(key, access)
    return Target(access, compat.resolve_model(access.provider.name, named or model))


def targets(wanted: Providers, model: str | None) -> list[Target]:
    """All of them, or one MissingKeyError that lists every provider without a key."""
    found, missing = [], []
    for item in [wanted] if isinstance(wanted, str | Access) else wanted:
        try:
            found.append(_target(item, model))
        except MissingKeyError as error:
            missing.append(str(error))
    if missing:
        raise MissingKeyError("\n".join(missing)) from None
    if not found:
        raise ValueError(f"name at least one provider: {', '.join(adapters.names())}")
    return found


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
        access = given.get((row.provider, row.base_url)) or _access_at(row.provider, row.base_url)
        request = VideoRequest.from_json(data, lambda identity: framestore.load(runner.home, identity))
    except (MissingKeyError, FrameError) as error:
        frameless = VideoRequest.from_json(data, lambda _: None)
        stopped = Asked(bare, frameless, row.take, row.cost, row.currency)
        return Job(LOOP.run(_later(runner.show, row, stopped, str(error))), runner)
    item = Asked(access, request, row.take, row.cost, row.currency)
    return Job(LOOP.run(_later(runner.adopt, row, item)), runner, losses(item))


def _access_at(name: str, base_url: str) -> Access:
    access = _target(name, None).access
    if access.base_url != base_url:
        raise MissingKeyError(f"give hn.resume(providers=[...]) the provider at {base_url}, with its key")
    return access


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


def sort_out(wanted: Iterable[Asked]) -> tuple[list[Asked], list[Skipped]]:
    """What can be made, and what cannot with its errors (once, however many takes were asked for)."""
    good: list[Asked] = []
    bad: dict[str, Skipped] = {}
    for item in wanted:
        access, request = item.access, item.request
        problems = compat.check(request, access.provider.name)
        errors = tuple(problem for problem in problems if problem.severity == "error")
        if errors:
            skip = Skipped(access.name, access.provider.title, access.simulated, request, errors)
            bad[skip.id] = skip
        else:
            good.append(item)
    return good, list(bad.values())


def asked(access: Access, request: VideoRequest, take: int | None) -> Asked:
    """One clip to ask for, with its list price. A simulated one costs nothing."""
    if access.simulated:
        return Asked(access, request, take, 0.0, "")
    price = pricing.estimate(request, access.provider.name)
    return Asked(access, request, take, None if price.amount is None else float(price.amount), price.currency)


def _known_job(item: Asked) -> JobRow | None:
    """The job that would answer, if this clip was asked for now and would not be sent."""
    assert item.take is not None
    return wait(session.runner().ledger.known(item.identity, item.take))


def ask(wanted: Sequence[Asked]) -> list[Job]:
    """Jobs for these clips, committed to the ledger before this returns."""
    runner = session.runner()
    lives = LOOP.run(runner.ask(wanted))
    return [Job(live, runner, losses(item)) for live, item in zip(lives, wanted, strict=True)]


def losses(item: Asked) -> tuple[str, ...]:
    """What the provider cannot express of a request: it is sent without that, and the user is told."""
    return tuple(dict.fromkeys(p.message for p in compat.check(item.request, item.access.provider.name)))


def history() -> pd.DataFrame:
    """The whole ledger, one row a clip, columns as in `job.FIELDS`, times in Unix seconds."""
    import pandas as pd

    runner = session.runner()
    rows = []
    for row in wait(runner.ledger.rows()):
        values = {name: getattr(row, name, None) for name in FIELDS}
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
