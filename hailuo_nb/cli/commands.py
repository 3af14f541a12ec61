"""The commands and their options. What they do is imported when it runs: `--help` loads little."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from hailuo_nb.cli import exits
from hailuo_nb.cli.terminal import note, records, say, say_json, say_table
from hailuo_nb.errors import ArgumentError, FileError, HailuoError
from hailuo_nb.simulator.command import simulator

if TYPE_CHECKING:
    from pathlib import Path

_HISTORY = (
    "id", "provider", "prompt", "resolution", "duration", "take", "state", "spent", "currency",
    "error",
)  # fmt: skip
_MATRIX = (
    "provider", "model", "resolution", "duration", "length", "first_frame", "price", "currency",
)  # fmt: skip
_LAST = 20  # clips of the history that a terminal shows


class _Commands(click.Group):
    """Errors that a person can meet become one message and the code `exits.REFUSED`."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HailuoError as error:
            note(f"{ctx.info_name}: {error}")
            code = exits.REFUSED
        except KeyboardInterrupt:
            code = exits.INTERRUPTED
        raise click.exceptions.Exit(code)


@click.group(
    cls=_Commands,
    epilog=exits.HELP,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="hailuo-nb", prog_name="hailuo_nb")
def cli() -> None:
    """MiniMax Hailuo video prompts at several providers, without a notebook.

    The ledger is the one of the notebooks here: ./hailuo_runs, or HAILUO_NB_HOME. A clip that it
    has is not paid again.
    """


_json = click.option("--json", "as_json", is_flag=True, help="the result as JSON")
_timeout = click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="stop waiting then; the clips go on",
)
_base_url = click.option(
    "--base-url",
    "base_urls",
    multiple=True,
    metavar="PROVIDER=URL",
    help="reach this provider there; may be repeated; see --key-from",
)
_key_from = click.option(
    "--key-from",
    "key_sources",
    multiple=True,
    metavar="PROVIDER=VARIABLE",
    help="the environment variable with the provider's key (chanjing=VARIABLE,VARIABLE); another "
    "host than the provider's own is sent this key alone",
)


@cli.command(epilog=exits.HELP)
@click.argument("plan", metavar="PLAN.csv")
@click.option(
    "--provider",
    multiple=True,
    metavar="NAME",
    help="for rows that name none; may be repeated; all: every provider with a key here",
)
@click.option("--model", metavar="NAME", help="for rows that name none; the provider's default")
@click.option("--resolution", default="768P", show_default=True, help="for rows that name none")
@click.option(
    "--duration",
    type=int,
    default=6,
    metavar="SECONDS",
    show_default=True,
    help="for rows that name none",
)
@click.option(
    "--takes", type=int, default=1, metavar="N", show_default=True, help="samples of each row"
)
@click.option(
    "--max-cost",
    type=float,
    metavar="AMOUNT",
    help="send nothing if it costs more, in each currency; where clips are paid, this or "
    "--max-clips must be given",
)
@click.option("--max-clips", type=int, metavar="N", help="send nothing if there are more new clips")
@click.option("--skip-invalid", is_flag=True, help="leave out what a provider cannot make")
@click.option("--dry-run", is_flag=True, help="print what would be sent and what it costs")
@click.option(
    "--check",
    "checks",
    multiple=True,
    metavar="TEXT",
    help='"adherence >= 0.8", "failed == 0": what each item must hold; may be repeated',
)
@click.option(
    "--by",
    default="provider",
    metavar="AXIS",
    show_default=True,
    help="what checks and summary are by: provider, prompt, model, your own column",
)
@click.option(
    "--scorer",
    "scorers",
    multiple=True,
    metavar="MODULE:FUNCTION",
    help="your own scorer, see hn.score; may be repeated",
)
@click.option("--html", metavar="FILE", help="write the board as one page")
@click.option("--csv", metavar="FILE", help="write one row a clip")
@click.option("--junit", metavar="FILE", help="write clips and checks as JUnit XML")
@click.option("--save", metavar="NAME", help="keep the comparison in the ledger, see `export`")
@_base_url
@_key_from
@_timeout
@_json
def run(plan: str, **options: Any) -> None:
    """Make the clips of a table, wait for them, check and write them.

    PLAN.csv has the columns of hn.plan, of which only `prompt` must be there: prompt, provider,
    model, resolution, duration, first_frame, last_frame, references, take, and options by name; -
    reads it from standard input.
    The same command again pays nothing twice.
    """
    from hailuo_nb.cli.run import Run
    from hailuo_nb.cli.run import run as run_plan

    names = (
        "model", "resolution", "duration", "takes", "max_cost", "max_clips", "skip_invalid",
    )  # fmt: skip
    arguments = {name: options.pop(name) for name in names}
    arguments["provider"] = list(options.pop("provider")) or None
    source = click.get_current_context().get_parameter_source
    named = frozenset(name for name in arguments if source(name) is ParameterSource.COMMANDLINE)
    raise click.exceptions.Exit(run_plan(Run(plan, arguments, named, **options)))


@cli.command(epilog=exits.HELP)
@click.option("--send-planned", is_flag=True, help="send what somebody else planned; you pay it")
@_base_url
@_key_from
@_timeout
@_json
def resume(
    send_planned: bool,
    base_urls: tuple[str, ...],
    key_sources: tuple[str, ...],
    timeout: float | None,
    as_json: bool,
) -> None:
    """Go on with every clip of the ledger that is not over, and wait."""
    from hailuo_nb import api
    from hailuo_nb.cli import addresses, report
    from hailuo_nb.cli.missing import missing_clips
    from hailuo_nb.cli.waiting import wait_for_clips
    from hailuo_nb.requests.arguments import as_timeout

    limit = as_timeout(timeout)
    given = list(addresses.accounts_of(base_urls, key_sources).values())
    board = api.resume(provider=given or None, send_planned=send_planned)
    try:
        wait_for_clips(board.jobs, limit)
    except KeyboardInterrupt:
        note("\nStopped waiting. The clips go on; `resume` waits for them again.")
        raise click.exceptions.Exit(exits.INTERRUPTED) from None
    code = report.exit_code(missing_clips(board.jobs))
    show = report.print_json if as_json else report.print_text
    show(board, code)
    raise click.exceptions.Exit(code)


@cli.command()
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help=f"the last so many, 0 for all; by default {_LAST} on a terminal, all as JSON",
)
@_json
def history(limit: int | None, as_json: bool) -> None:
    """The clips of the ledger, the newest last."""
    from hailuo_nb.results.history import history as whole_history

    table = whole_history()
    limit = (0 if as_json else _LAST) if limit is None else limit
    shown = table.tail(limit) if limit else table
    if as_json:
        say_json(records(shown))
        return
    if len(shown):
        shown = shown.assign(id=shown["id"].str[:8])
    say_table(shown[[name for name in _HISTORY if name in shown.columns]])
    if len(shown) < len(table):
        note(f"the last {len(shown)} of {len(table)}: --limit 0 for all")


@cli.command()
@click.option("--provider", metavar="NAME", help="of this provider alone")
@_json
def matrix(provider: str | None, as_json: bool) -> None:
    """What each provider sells, at what list price."""
    from hailuo_nb import api
    from hailuo_nb.ordering.accounts import full_name

    table = api.matrix()
    if provider is not None:
        name = full_name(provider).removeprefix("simulated:")
        table = table[table["provider"] == name]
    if as_json:
        say_json(records(table))
    else:
        say_table(table[[name for name in _MATRIX if name in table.columns]])


@cli.command()
@click.argument("comparison")
@click.argument("path")
def export(comparison: str, path: str) -> None:
    """Write a saved comparison as a page, a table, a picture or a video.

    COMPARISON is its name (see `run --save`), or a folder that was exported. PATH ends in .html,
    .csv, .json, .parquet, .png or .mp4, or is a folder for a page with its clips.
    """
    from hailuo_nb.results.comparison import Comparison

    writers: dict[str, Callable[[Comparison, str], Path]] = {
        ".html": Comparison.to_html,
        ".htm": Comparison.to_html,
        ".csv": Comparison.to_csv,
        ".json": Comparison.to_json,
        ".parquet": Comparison.to_parquet,
        ".png": Comparison.to_png,
        ".mp4": Comparison.to_video,
    }
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - a text that a person typed
    if suffix not in writers and suffix and not os.path.isdir(path):  # noqa: PTH112
        raise ArgumentError(
            f"{path} ends in {suffix}, which is none of {', '.join(writers)}; a folder of that "
            "name ends in /"
        )
    loaded = Comparison.load(comparison)
    try:
        written = writers.get(suffix, Comparison.export)(loaded, path)
    except FileError as error:
        note(str(error))
        raise click.exceptions.Exit(exits.FILES) from None
    say(str(written))


@cli.command()
@_json
def doctor(as_json: bool) -> None:
    """A report of what to check when something is wrong. Shows no key."""
    from dataclasses import asdict

    from hailuo_nb.doctor import examine

    found = examine()
    if as_json:
        say_json(asdict(found) | {"warnings": list(found.warnings)})
    else:
        say(found.text)


cli.add_command(simulator)


def main() -> None:
    """The entry point."""
    signal.signal(signal.SIGTERM, _interrupt)
    module = os.path.basename(sys.argv[0]) == "__main__.py"  # noqa: PTH119
    cli(prog_name="python -m hailuo_nb" if module else None)


def _interrupt(_signal: int, _frame: object) -> None:
    """A pipeline that is cancelled sends SIGTERM: as after Ctrl-C, the end of the process waits for
    the answers of charged calls (`engine.shutdown`)."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise KeyboardInterrupt
