"""Studio: the prompt studio above the comparison board, joined to the engine.

It turns a draft into jobs. Callbacks come on any thread and only post to the background loop; an
error is shown in the studio's status, never as a traceback.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

from hailuo_nb import api, catalog
from hailuo_nb.engine import session
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.loop import LOOP, wait
from hailuo_nb.engine.states import SETTLED
from hailuo_nb.errors import MissingKeyError
from hailuo_nb.ordering import budget, validation
from hailuo_nb.ordering.accounts import Providers, Target, provider, targets
from hailuo_nb.pages import html_table
from hailuo_nb.providers import registry as adapters
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.results import loading
from hailuo_nb.results.callbacks import Callbacks
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.job import Job, jobs_from
from hailuo_nb.results.source import LiveSource
from hailuo_nb.widgets import python_code, share_link, studio_catalogue
from hailuo_nb.widgets.allowance import Allowance
from hailuo_nb.widgets.board_updates import new_board
from hailuo_nb.widgets.draft import Draft, Settings, escape_braces, option_names
from hailuo_nb.widgets.history import LedgerHistory, paid
from hailuo_nb.widgets.known_names import KnownNames
from hailuo_nb.widgets.prompt_studio import ASK_ABOVE, PromptStudio
from hailuo_nb.widgets.prompt_templates import TemplateFile
from hailuo_nb.widgets.wire import MAX_TAKES

WITHOUT_WIDGETS = """\
The studio is a widget, and nothing here shows widgets.
JupyterLab, Notebook 7: pip install jupyterlab_widgets anywidget beside the server; then restart it.
nbclassic: pip install widgetsnbextension anywidget, likewise.
Everywhere else: hn.compare(...) asks for the same clips, and board.to_html(...) writes a page with
the same board."""
"""Shown in place of a studio that cannot be shown. It is text and, with line breaks, HTML."""


_LINKED = {
    "prompt": "prompt",
    "providers": "targets",
    "resolution": "resolution",
    "duration": "duration",
    "options": "options",
    "takes": "takes",
    "ask_above": "ask_above",
}
"""Traits of the studio, and those of the editor that they are linked to, both ways."""

WITHOUT_A_KEY = ("ppinfra", "modelverse", "chanjing", "xcompute")
"""The providers whose stand-ins are ticked where nobody has a key."""


class Studio(KnownNames, ipywidgets.VBox):  # type: ignore[misc]
    """Type a prompt, click camera moves in, choose providers, generate, compare.

    prompt      the text in the editor at first
    provider    which providers are ticked at first, one or a list. None: those whose key is found
                here, or `WITHOUT_A_KEY` where there is none. Names as in `hn.compare`, or what
                `hn.provider(...)` returned. A provider without a key here takes part as its
                simulated stand-in.
    max_cost    this studio asks for clips of at most so much, in each currency, in all: by list
                price, and by what was charged where a provider says it; a clip with an unknown
                price is refused then
    max_clips   this studio asks for at most so many clips in all
    ask_above   the page asks before it sends more clips than that at once; a person can change it
                beside the cost

    Raises ArgumentError, UnknownNameError, MissingKeyError.

    `studio.comparison` is the Comparison below the editor: `studio.comparison.to_frame()` and so
    on. What is in the editor are traits, to read, set, observe and link: `prompt`, `providers`
    ("provider/model"; a name alone takes its default model), `resolution`, `duration`, `options`,
    `takes`, `ask_above`; `first_frame` and `last_frame` are attributes. Any other attribute is an
    error.
    """

    own = frozenset({"comparison", "board", "editor"})

    prompt = traitlets.Unicode("")
    providers = traitlets.List(traitlets.Unicode())
    resolution = traitlets.Unicode("768P")
    duration = traitlets.Int(6)
    options = traitlets.Dict()
    takes = traitlets.Int(1, min=1, max=MAX_TAKES)
    ask_above = traitlets.Int(ASK_ABOVE, min=0)

    def __init__(
        self,
        prompt: str = "",
        *,
        provider: Providers | None = None,
        max_cost: float | None = None,
        max_clips: int | None = None,
        ask_above: int = ASK_ABOVE,
    ) -> None:
        prompt = arguments.as_text("prompt", prompt)
        self._allowance = Allowance(*budget.parse_limits(max_cost, max_clips))
        chosen = None if provider is None else targets(provider, None)
        self._runner = session.runner()
        self._accounts = _accounts([target.account for target in chosen or ()])
        self.comparison = Comparison()
        self._on_generate = Callbacks("on_generate", self._callback_failed)
        self.board, _updater = new_board(
            self.comparison,
            Path.cwd(),
            copy_to=self._copy,
            accounts=self._accounts,
            allowance=self._allowance,
            newest_first=True,
        )
        ticked = chosen or [
            Target(account, catalog.default_model(account.provider.name))
            for account in _ticked(self._accounts.values())
        ]
        self._history = LedgerHistory(self._runner, self._show)
        self.editor = PromptStudio(
            studio_catalogue.entries(self._accounts.values()),
            prompt=prompt,
            targets=[str(target.account.ref.with_model(target.model)) for target in ticked],
            generate=self._generate,
            count_existing=self._count_existing,
            history=self._history,
            templates=TemplateFile(self._runner.home / "templates.json"),
            spent=lambda: paid(self._runner),
            limits=self._allowance.limits,
            open_clips=lambda: len(self._open_rows()),
            resume=self._resume,
            ask_above=ask_above,
        )
        self.board.observe(self._count_running, "rows")
        traitlets.link((self.editor, "language"), (self.board, "language"))
        super().__init__(children=(self.editor, self.board))
        for name, theirs in _LINKED.items():
            traitlets.link((self.editor, theirs), (self, name))

    @property
    def first_frame(self) -> Frame | None:
        """The first frame; set it to anything that `Frame.of` takes, or to None. Raises
        FrameError."""
        return self.editor.draft().first_frame

    @first_frame.setter
    def first_frame(self, source: object) -> None:
        self.editor.set_frame("first", source)

    @property
    def last_frame(self) -> Frame | None:
        """The last frame, as `first_frame`."""
        return self.editor.draft().last_frame

    @last_frame.setter
    def last_frame(self, source: object) -> None:
        self.editor.set_frame("last", source)

    @traitlets.validate("providers")
    def _known_providers(self, proposal: Any) -> list[str]:
        given: list[str] = proposal["value"]
        if given == self.editor.targets:
            return given
        found = [self._target(name) for name in given]
        return list(dict.fromkeys(found))

    def _target(self, name: str) -> str:
        ref = ProviderRef.parse(name)
        model = ref.model or catalog.default_model(ref.provider)
        found: list[str] = self.editor.offered([str(ref.with_model(model))])
        if not found:
            known = sorted({entry["name"] for entry in self.editor.catalogue})
            raise arguments.unknown_name("provider here", name, known, {one: one for one in known})
        return found[0]

    @traitlets.validate("resolution")
    def _resolution(self, proposal: Any) -> str:
        given = proposal["value"]
        return given if given == self.editor.resolution else catalog.parse_resolution(given)

    @traitlets.validate("options")
    def _known_options(self, proposal: Any) -> dict[str, Any]:
        given = proposal["value"]
        names = option_names()
        for name in given:
            if name not in names:
                raise arguments.unknown_name("option", name, names, {one: one for one in names})
        return {**dict.fromkeys(names), **given}

    def on_generate(self, callback: Callable[[list[Job]], object], *, remove: bool = False) -> None:
        """Call `callback(jobs)` after each Generate whose clips stand in the ledger.

        remove   stop calling it
        It runs in the thread of the callbacks, see `Comparison.on_saved`; one that fails is named
        beside the button too, and no clip waits or stops for it.
        """
        self._on_generate.register(callback, remove=remove)

    def on_saved(self, callback: Callable[[Job], object], *, remove: bool = False) -> None:
        """See `Comparison.on_saved`."""
        self.comparison.on_saved(callback, remove=remove)

    def _count_running(self, change: Any) -> None:
        over = SETTLED | {"invalid"}
        made = [row for row in change["new"] if row["state"] not in over and not row["parked"]]
        # On the loop: the lock of the board is held here, and nobody may wait below it.
        LOOP.loop.call_soon_threadsafe(self.editor.set_running, len(made))

    def _callback_failed(self, words: str) -> None:
        self.editor.set_status("error", words)

    def _open_rows(self) -> list[JobRow]:
        """The clips of the ledger that are not over, and not shown here."""
        shown = {job.id for job in self.comparison.jobs}
        return [row for row in wait(self._runner.ledger.open_jobs()) if row.id not in shown]

    def _resume(self) -> int:
        """As `hn.resume()`: go on with what is open and show it here. Raises BudgetError."""
        rows = self._open_rows()
        planned = {row.id: (row.cost, row.currency) for row in rows if row.state == "planned"}
        self._allowance.count(list(planned.values()))
        found = api.resume(provider=list(self._accounts.values()))
        wanted = {row.id for row in rows}
        jobs = [job for job in found.jobs if job.id in wanted]
        self._allowance.asked([job for job in jobs if job.id in planned])
        self.comparison.add(jobs)
        return len(jobs)

    def _show(self, rows: list[JobRow]) -> int:
        """Put clips of the ledger on the board; how many were not there."""
        shown = {job.id for job in self.comparison.jobs}
        new = [row for row in rows if row.id not in shown]
        self.comparison.add(loading.jobs_of(self._runner, new, list(self._accounts.values())))
        return len(new)

    def _ipython_display_(self) -> None:
        """Two outputs, as of a Comparison."""
        self.comparison.saved_copy.show(self._repr_mimebundle_(), {}, WITHOUT_WIDGETS)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The widget; where there is no front end for widgets, what to install, and the clips as a
        table."""
        bundle = super()._repr_mimebundle_(**kwargs)
        clips = repr(self.comparison) if len(self.comparison) else ""
        table = html_table.render(self.comparison.rows(), self.comparison.title) if clips else ""
        html = WITHOUT_WIDGETS.replace("\n", "<br>")
        plain = f"{WITHOUT_WIDGETS}\n{clips}".rstrip()
        return {**bundle, "text/plain": plain, "text/html": f"<p>{html}</p>{table}"}

    def to_link(self) -> str:
        """The settings as a short text for `Studio.from_link`: never a key; of the frames only
        https links.

        Raises LinkError for a prompt of tens of thousands of characters.
        """
        return share_link.to_link(self.editor.draft())

    def as_python(self) -> str:
        """The call of `hn.compare` that asks for these clips. Raises VariantsError."""
        return python_code.compare_call(self.editor.draft())

    @classmethod
    def from_link(
        cls, text: str, *, max_cost: float | None = None, max_clips: int | None = None
    ) -> Studio:
        """A studio with the settings of another one's `to_link`. Nothing is sent by opening it.

        What was simulated stays simulated; a provider without a key here takes part as its
        simulated stand-in. Raises LinkError.
        """
        budget.parse_limits(max_cost, max_clips)
        settings = share_link.from_link(text)
        refs = [ProviderRef.parse(one) for one in settings["targets"]]
        given = {ref.name: _account_or_stand_in(ref) for ref in refs}
        settings["targets"] = [str(given[ref.name].ref.with_model(ref.model)) for ref in refs]
        studio = cls(provider=list(given.values()) or None, max_cost=max_cost, max_clips=max_clips)
        studio.editor.load(settings)
        return studio

    def _generate(self, draft: Draft) -> None:
        """Post the draft to the loop. Every press of the button asks for new takes."""
        self.editor.set_status("busy", "Sending …", code="sending")
        LOOP.start(self._ask(draft))

    async def _ask(self, draft: Draft) -> None:
        try:
            wanted = [
                validation.job_spec(self._accounts[name], request, None)
                for name, request in draft.requests()
                for _ in range(draft.takes)
            ]
            specs, skipped = validation.validate(wanted)
            self._allowance.count([(item.cost, item.currency) for item in specs])
            tracked_jobs = await self._runner.ask(specs)
            jobs = jobs_from(LiveSource(self._runner), tracked_jobs, specs)
            self._allowance.asked(jobs)
            self.comparison.add(jobs, skipped)
            left_out = f"; {len(skipped)} left out" if skipped else ""
            self.editor.set_status(
                "done",
                f"{len(jobs)} clips asked for{left_out}",
                code="left_out" if skipped else "queued",
                count=len(jobs),
                skipped=len(skipped),
            )
            self._on_generate.call(jobs)
            await asyncio.to_thread(self._sent)
        except Exception as error:
            self.editor.set_status(
                "error", f"Nothing more was sent: {error}", code="not_sent", error=str(error)
            )

    def _sent(self) -> None:
        """Show what changed by it; waits for the ledger."""
        self._history.renew()
        self.editor.refresh()

    def _copy(self, settings: Settings) -> None:
        """Put settings of a clip into the editor. The braces of its prompt are escaped, as they
        were sent as text."""
        if "prompt" in settings:
            settings = {**settings, "prompt": escape_braces(settings["prompt"])}
        self.editor.load(settings)

    def _count_existing(self, draft: Draft) -> int:
        """How many takes of this draft's clips the ledger has already."""
        specs = [
            validation.job_spec(self._accounts[name], request, None)
            for name, request in draft.requests()
        ]
        ledger = self._runner.ledger
        return sum(map(wait, [ledger.count_takes(item.identities) for item in specs]))


def _ticked(accounts: Iterable[Account]) -> list[Account]:
    """Those that are real, or the stand-ins of `WITHOUT_A_KEY`."""
    known = list(accounts)
    real = [account for account in known if not account.simulated]
    return real or [account for account in known if account.provider.name in WITHOUT_A_KEY]


def _accounts(given: Sequence[Account]) -> dict[str, Account]:
    """Every provider once by its name: what was given, else by the keys found here, else its
    stand-in."""
    found = {account.name: account for account in given}
    for name in adapters.names():
        ref = ProviderRef(name)
        if ref.name in found or ref.stand_in().name in found:
            continue
        account = _account_or_stand_in(ref)
        found[account.name] = account
    return found


def _account_or_stand_in(ref: ProviderRef) -> Account:
    """The provider of that name, or its simulated stand-in where there is no key. Raises
    UnknownNameError."""
    try:
        return provider(ref.name)
    except (MissingKeyError, ValueError):
        return provider(ref.stand_in().name)
