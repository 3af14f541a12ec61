"""The public functions: generate, compare, chain, dry_run, resume, matrix.

The composition root: it may know every room below it, and holds no logic of its own beyond the
putting together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hailuo_nb import catalog
from hailuo_nb.catalog.matrix import cells as matrix_cells
from hailuo_nb.engine import session
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.loop import wait
from hailuo_nb.errors import ArgumentError
from hailuo_nb.ordering import accounts, budget, requested, shots, table
from hailuo_nb.ordering import faults as simulated_faults
from hailuo_nb.ordering.accounts import Providers, targets
from hailuo_nb.ordering.faults import Faults
from hailuo_nb.ordering.requested import Prompts
from hailuo_nb.ordering.validation import refusal
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame
from hailuo_nb.results import loading
from hailuo_nb.results.chain import Chain
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.job import Job
from hailuo_nb.results.job import ask as ask_for
from hailuo_nb.results.source import LiveSource

if TYPE_CHECKING:
    import pandas as pd


def generate(
    prompt: str,
    *,
    provider: str | Account,
    model: str | None = None,
    resolution: str = "768P",
    duration: int = 6,
    first_frame: Any = None,
    last_frame: Any = None,
    references: Any = (),
    take: int = 1,
    faults: Faults = (),
    **options: Any,
) -> Job:
    """One clip; returns at once. The same call again gives the same job and pays nothing; `take=2`
    another sample.

    prompt       text; camera moves in brackets, English or Chinese: "A cat runs [Push in,Pan left]"
    provider     "modelverse", "xcompute/MiniMax-Hailuo-2.3-Fast", "simulated:ppinfra", or
                 `hn.provider(...)`
    model        MiniMax's name; the provider's default if None
    resolution   "768P" or "1080P"; "2K" for MiniMax-H3
    duration     seconds, 6 or 10; 4 to 15 for MiniMax-H3
    first_frame, last_frame   path, https link, data URL, bytes, PIL image or array (height, width,
                              3) uint8
    references   pictures, clips and sounds that the clip takes after, where a model takes any: a
                 list of what a frame can be, of paths and links of MP4, MOV, WAV and MP3, and of
                 `hn.Reference`. The prompt calls them "Image 1", "Video 1", "Audio 1"
    options      prompt_optimizer, fast_pretreatment, watermark, and whatever else the catalogue
                 has (`hn.matrix()["options"]`); ratio and sound where a model sells them. None
                 leaves the provider's default

    faults       of a stand-in alone: see `compare`

    Raises InvalidRequestError, ArgumentError, MissingKeyError, UnknownNameError, FrameError, all
    before anything is sent.
    """
    try:
        one, at = (
            arguments.as_text("prompt", prompt),
            accounts.one_of_them("provider", provider),
        )
    except ArgumentError as error:
        raise ArgumentError(
            f"{error}; hn.generate makes one clip at one provider, hn.compare several"
        ) from None
    catalog.check_options(options)
    board = compare(
        one,
        provider=at,
        model=model,
        resolution=resolution,
        duration=duration,
        first_frame=first_frame,
        last_frame=last_frame,
        references=references,
        take=take,
        faults=faults,
        **options,
    )
    return board[0]


def compare(
    prompt: Prompts,
    *,
    provider: Providers | None = None,
    providers: Providers | None = None,
    model: str | None = None,
    resolution: str = "768P",
    duration: int = 6,
    first_frame: Any = None,
    last_frame: Any = None,
    references: Any = (),
    take: int = 1,
    takes: int = 1,
    skip_invalid: bool = False,
    max_cost: float | None = None,
    max_clips: int | None = None,
    faults: Faults = (),
    **options: Any,
) -> Comparison:
    """The same request at several providers, side by side; returns at once.

    prompt        one, or several (each at each provider), or a table (see below)
    provider      one, or several: names, or what `hn.provider(...)` returned. "all": every provider
                  whose key is found here, or all stand-ins where there is no key; what one of them
                  cannot make is shown as such. "simulated:all": all stand-ins
    providers     the same, where that reads better; one of the two
    takes         how many samples of each, numbered from `take`
    skip_invalid  leave out what a provider cannot make and show it as such, instead of raising
    max_cost      send nothing if the clips that would be newly paid cost more, by list price, in
                  any currency; a clip whose price nobody knows is refused then
    max_clips     send nothing if more clips than this would be newly sent; one that is `planned`
                  and that nobody is about to send counts as new
    faults        of stand-ins alone: what goes wrong there, as `python -m hailuo_nb.simulator
                  --fault` names it: "fail_task:0.3" (three of ten), or a list of such. A real
                  provider among those that are asked is an ArgumentError

    Several prompts are a list, a tuple or a column. A table is a DataFrame with one row a clip,
    from `hn.plan` or of one's own (pandas, polars or Arrow): columns prompt, provider, model,
    resolution, duration, first_frame, last_frame, references, take, and the options. A column or
    cell that is missing (NaN) takes the argument of that name; a prompt must be there. `provider`
    is then for rows that name none; what `hn.provider(...)` returned also serves the rows that name
    its provider. Bad rows are named by their index labels. Any other column (`wording`, `idea`,
    `batch`) is your own: it travels with the clip to `to_frame()`, `ranking(by=)`, `summary(by=)`
    and `effect(by=)`, and changes neither the clip nor its price. What looks like a clip's column
    written otherwise is refused, as are two rows of the same clip that differ in such a column.

    The other arguments are those of `generate`; raises BudgetError and TableError as well.
    `hn.dry_run(...)` takes the same arguments and sends nothing. What a provider will not make of a
    request (a bracket that is no camera move, an option that it has not) stands in `job.notes` and
    under the board.
    """
    budget.parse_limits(max_cost, max_clips)
    provider = requested.one_of(provider, providers)
    leave_out = arguments.as_bool("skip_invalid", skip_invalid) or accounts.is_all(provider)
    rows = requested.rows_of(
        prompt,
        provider,
        arguments.as_take_range(take, takes),
        model=model,
        resolution=resolution,
        duration=duration,
        first_frame=first_frame,
        last_frame=last_frame,
        references=references,
        options=options,
    )
    rows = simulated_faults.applied(rows, faults)
    skipped = requested.skipped_of(rows)
    if skipped and not leave_out:
        raise refusal(skipped, several=len(rows) > 1)
    good = requested.within_limits(rows, max_cost, max_clips)
    prompts = list(dict.fromkeys(row.request.prompt for row in rows))
    title = prompts[0] if len(prompts) == 1 else ""
    return Comparison(ask(good), skipped, title=title)


def chain(
    prompts: Sequence[str],
    *,
    provider: str | Account,
    model: str | None = None,
    resolution: str = "768P",
    duration: int = 6,
    first_frame: Any = None,
    take: int | Sequence[int] = 1,
    max_cost: float | None = None,
    max_clips: int | None = None,
    **options: Any,
) -> Chain:
    """Shots one after the other, each starting from the last picture of the one before; returns at
    once, and goes on in the background.

    prompts      one for each shot
    first_frame  of the first shot
    take         one number for all shots, or a list of one for each: another number asks for that
                 shot, and for those that follow from it, once more

    The other arguments are those of `compare`; a limit counts the shots that the ledger has not.
    The same call again goes on where the chain stopped. Raises what `generate` raises, before the
    first shot is sent, and BudgetError.
    """
    budget.parse_limits(max_cost, max_clips)
    texts = arguments.as_texts("prompts", prompts)
    takes = shots.takes_of(take, len(texts))
    settings: dict[str, Any] = {
        "model": model,
        "resolution": resolution,
        "duration": duration,
        "references": (),
    }
    account = accounts.one_of_them("provider", provider)
    rows = [
        requested.rows_of(
            text,
            account,
            range(number, number + 1),
            **settings,
            last_frame=None,
            options=options,
            first_frame=shots.stand_in() if place else first_frame,
        )[0]
        for place, (text, number) in enumerate(zip(texts, takes, strict=True))
    ]
    shots.check(rows)
    fresh = shots.new_of([row.clip for row in rows if row.clip], requested.known_job)
    costs = [(item.cost, item.currency) for item in fresh]
    budget.check(costs, max_cost=max_cost, max_clips=max_clips)

    def ask_for_shot(place: int, frame: Frame | None) -> Job:
        return generate(
            texts[place],
            provider=account,
            take=takes[place],
            first_frame=frame if place else rows[0].request.first_frame,  # as it was checked
            **settings,
            **options,
        )

    return Chain(ask_for_shot, len(texts), title=texts[0])


def dry_run(
    prompt: Prompts,
    *,
    provider: Providers | None = None,
    providers: Providers | None = None,
    model: str | None = None,
    resolution: str = "768P",
    duration: int = 6,
    first_frame: Any = None,
    last_frame: Any = None,
    references: Any = (),
    take: int = 1,
    takes: int = 1,
    skip_invalid: bool = False,
    max_cost: float | None = None,
    max_clips: int | None = None,
    faults: Faults = (),
    **options: Any,
) -> pd.DataFrame:
    """What `hn.compare` with the same arguments would do, and send nothing: one row a clip.

    `would` is "send" (a new clip, paid), "reuse" (the ledger has it: `job`; or a row before asks
    for the same), or "refuse" with the `problem`, whatever `skip_invalid` is. `cost` is the list
    price of what would be sent, NaN where nobody knows it; `source` says where it is from. `length`
    is the seconds that the clip will really have, NaN where that is the duration. `warning` is what
    the provider will not make of the request; it is sent all the same. The index is that of the
    table, if it was given one; columns of your own stand last.

    Raises what `hn.compare` raises, BudgetError among it, but InvalidRequestError.
    """
    import pandas as pd

    budget.parse_limits(max_cost, max_clips)
    provider = requested.one_of(provider, providers)
    arguments.as_bool("skip_invalid", skip_invalid)
    rows = requested.rows_of(
        prompt,
        provider,
        arguments.as_take_range(take, takes),
        model=model,
        resolution=resolution,
        duration=duration,
        first_frame=first_frame,
        last_frame=last_frame,
        references=references,
        options=options,
    )
    rows = simulated_faults.applied(rows, faults)
    requested.within_limits(rows, max_cost, max_clips)
    found = pd.DataFrame(requested.dry_run_records(rows))
    if table.is_table(prompt):
        found.index = pd.Index([row.label for row in rows])
    return found


def resume(*, provider: Providers | None = None, send_planned: bool = False) -> Comparison:
    """Go on with everything in the ledger that is not over: watch, fetch, look for what is unclear.
    Returns at once.

    Nothing is sent that may have been paid already; a clip that surely was not sent is sent now, as
    it was asked for. The ledger lies in the project, so a cloned one brings its own: what somebody
    else planned in it is shown and not sent, and nothing is fetched from a link that somebody else
    wrote down, but the provider is asked for its own. "Somebody else" is a user without the key
    of this one (see `hailuo_nb.engine.ledger.origin`): another account, a new container; all clips
    of a ledger of the first edition, too.

    provider      what `hn.provider(...)` returned, one or a list, for jobs at another `base_url`,
                  or where no key is found here. A job whose provider has no key stays as it is and
                  says so.
    send_planned  send also what somebody else planned in this ledger, with your key. Look at
                  `hn.resume()` first.
    """
    others_too = bool(arguments.as_bool("send_planned", send_planned))
    given = [] if provider is None else [found.account for found in targets(provider, None)]
    runner = session.runner()
    rows = wait(runner.ledger.open_jobs())
    jobs = loading.jobs_of(runner, rows, given, send_planned=others_too)
    return Comparison(jobs, title="Open clips")


def ask(wanted: Sequence[JobSpec]) -> list[Job]:
    """Jobs for these clips, committed to the ledger before this returns."""
    return ask_for(LiveSource(session.runner()), wanted)


def matrix() -> pd.DataFrame:
    """Which model makes which clip where: one row for each endpoint, resolution and duration.

    `length` is what a clip of that duration really has in seconds, NaN where it is the duration;
    `price` the list price of one clip in `currency`, NaN where no page states one; `price_source`
    and `price_date` say whose page that is, or why there is none; `references` how many a request
    may carry; `camera` how moves are sent ("zh", "en", "prose"); `list` whether a clip whose answer
    was lost can be looked for, `cancel` whether one that is being made can be cancelled; `assumed`
    marks what no page names. `source` says where the row (not its price) is from, `sure` is "A" for
    the provider's own page, "B" for somebody else's (a client that ran, a sister with the same
    API), "C" for a guess.
    """
    import pandas as pd

    return pd.DataFrame(matrix_cells())
