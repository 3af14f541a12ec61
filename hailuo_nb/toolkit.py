"""The public functions, where everything is put together: names and keys become an Access, words a VideoRequest.

The composition root: it may know every room below it and holds no logic of its own beyond the putting together.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hailuo_nb import compat, pricing, providers
from hailuo_nb.comparison import Comparison, Skipped
from hailuo_nb.compat import Problem
from hailuo_nb.engine import session
from hailuo_nb.engine.live import Asked
from hailuo_nb.engine.loop import LOOP, wait
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
    adapter = providers.get(name.removeprefix(SIMULATED))
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
        raise ValueError(f"name at least one provider: {', '.join(providers.names())}")
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
    skip_invalid: bool = False,
) -> Comparison:  # fmt: skip
    """The same request at several providers, side by side; returns at once.

    prompt        one, or several (each at each provider)
    takes         how many samples of each, numbered from `take`
    skip_invalid  leave out what a provider cannot make and show it as such, instead of raising

    The other arguments are those of `generate`.
    """
    template = VideoRequest(
        prompt="",
        model="",
        resolution=parse_resolution(resolution),
        duration=_seconds(duration),
        first_frame=_frame("first_frame", first_frame),
        last_frame=_frame("last_frame", last_frame),
        prompt_optimizer=prompt_optimizer,
        fast_pretreatment=fast_pretreatment,
        watermark=watermark,
    )
    if take < 1 or takes < 1:
        raise ValueError("take and takes count from 1")
    prompts = [prompt] if isinstance(prompt, str) else list(prompt)
    wanted = [
        (target.access, template.but(prompt=text, model=target.model), number)
        for text in prompts
        for target in targets(providers, model)
        for number in range(take, take + takes)
    ]
    makeable, skipped = sort_out([(access, request) for access, request, _ in wanted])
    if skipped and not skip_invalid:
        problems = [(skip.provider, problem) for skip in skipped for problem in skip.problems]
        raise InvalidRequestError(list(dict.fromkeys(problems)))
    good = {id(request) for _, request in makeable}
    jobs = ask([asked(access, request, number) for access, request, number in wanted if id(request) in good])
    return Comparison(
        jobs, skipped, title=prompts[0] if len(prompts) == 1 else f"{len(prompts)} prompts", view=_view
    )


def sort_out(
    wanted: Iterable[tuple[Access, VideoRequest]],
) -> tuple[list[tuple[Access, VideoRequest]], list[Skipped]]:
    """What can be made, and what cannot with its errors."""
    good, bad = [], []
    for access, request in wanted:
        name = access.provider.name
        errors = tuple(p for p in compat.check(request, name) if p.severity == "error")
        if errors:
            bad.append(Skipped(access.name, access.provider.title, access.simulated, request, errors))
        else:
            good.append((access, request))
    return good, list({skip.id: skip for skip in bad}.values())


def asked(access: Access, request: VideoRequest, take: int | None) -> Asked:
    """One clip to ask for, with its list price. A simulated one costs nothing."""
    if access.simulated:
        return Asked(access, request, take, 0.0, "")
    price = pricing.estimate(request, access.provider.name)
    return Asked(access, request, take, None if price.amount is None else float(price.amount), price.currency)


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
