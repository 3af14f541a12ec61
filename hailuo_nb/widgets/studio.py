"""Studio: the prompt studio above the comparison board, joined to the engine.

The one widget module that knows `toolkit`: it turns a draft into jobs. Callbacks come on any thread and only post
to the background loop; what goes wrong is shown in the studio's status, never as a traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ipywidgets

from hailuo_nb import asking, compat
from hailuo_nb import providers as adapters
from hailuo_nb.access import MissingKeyError, Providers, Target, provider, targets
from hailuo_nb.comparison import Comparison
from hailuo_nb.engine import session
from hailuo_nb.engine.loop import LOOP, wait
from hailuo_nb.engine.transport import SIMULATED, Access
from hailuo_nb.job import Job
from hailuo_nb.widgets.feed import new_board
from hailuo_nb.widgets.prompt_studio import Draft, PromptStudio


class Studio(ipywidgets.VBox):  # type: ignore[misc]
    """Type a prompt, click camera moves in, choose providers, generate, compare.

    prompt      what stands in the editor at first
    providers   which providers are ticked at first; all four if None. Names as in `hn.compare`, or what
                `hn.provider(...)` returned. A provider without a key here takes part as its simulated stand-in.

    `studio.comparison` is the Comparison below the editor: `studio.comparison.to_frame()` and so on.
    """

    def __init__(self, prompt: str = "", *, providers: Providers | None = None) -> None:
        self._runner = session.runner()
        chosen = None if providers is None else targets(providers, None)
        self._accesses = _accesses([target.access for target in chosen or ()])
        self.comparison = Comparison()
        self.board, self._feed = new_board(
            self.comparison, Path.cwd(), copy_to=lambda settings: self.editor.load(settings),
            accesses=self._accesses,
        )  # fmt: skip
        ticked = chosen or [
            Target(access, compat.default_model(access.provider.name)) for access in self._accesses.values()
        ]
        self.editor = PromptStudio(
            _catalogue(self._accesses.values()), prompt=prompt,
            targets=[f"{target.access.name}/{target.model}" for target in ticked],
            generate=self._generate, taken=self._taken,
        )  # fmt: skip
        super().__init__(children=(self.editor, self.board))

    def _generate(self, draft: Draft) -> None:
        """Post the draft to the loop. Every press of the button asks for new takes."""
        self.editor.say("busy", "Sending …")
        LOOP.start(self._ask(draft))

    async def _ask(self, draft: Draft) -> None:
        try:
            wanted = [
                asking.asked(self._accesses[name], request, None)
                for name, request in draft.requests()
                for _ in range(draft.takes)
            ]
            asked, skipped = asking.sort_out(wanted)
            lives = await self._runner.ask(asked)
            jobs = [
                Job(live, self._runner, asking.losses(item)) for live, item in zip(lives, asked, strict=True)
            ]
            self.comparison.add(jobs, skipped)
            self._feed.follow()
            left_out = f"; {len(skipped)} left out" if skipped else ""
            self.editor.say("done", f"{len(jobs)} clips asked for{left_out}")
        except Exception as error:
            self.editor.say("error", f"Nothing more was sent: {error}")

    def _taken(self, draft: Draft) -> int:
        """How many takes of this draft's clips the ledger has already."""
        asked = [asking.asked(self._accesses[name], request, None) for name, request in draft.requests()]
        return sum(wait(future) for future in [self._runner.ledger.takes(item.identity) for item in asked])


def _accesses(given: Sequence[Access]) -> dict[str, Access]:
    """Every provider once by its name: what was given, else by the keys found here, else its stand-in."""
    found = {access.name: access for access in given}
    for name in adapters.names():
        if name in found or SIMULATED + name in found:
            continue
        try:
            access = provider(name)
        except (MissingKeyError, ValueError):
            access = provider(SIMULATED + name)
        found[access.name] = access
    return found


def _catalogue(accesses: Any) -> list[dict[str, Any]]:
    """What the editor offers, as plain data (the traits of PromptStudio describe it)."""
    return [
        {
            "name": access.name, "title": access.provider.title, "simulated": access.simulated,
            "key_hint": f"set {' and '.join(access.provider.key_variables)}" if access.simulated else "",
            "models": [_model(access.provider.name, model) for model in compat.models(access.provider.name)],
        }
        for access in accesses
    ]  # fmt: skip


def _model(provider: str, model: str) -> dict[str, Any]:
    """One model: the union of its endpoints (PPInfra sells 2.3 with and without a first frame as two)."""
    rows = [row for row in compat.rows() if row.provider == provider and row.model == model]
    cells = {(cell.resolution, cell.duration): cell for row in rows for cell in row.cells}
    return {
        "name": model, "default": any(row.default for row in rows),
        "first_frame": _union([row.first_frame for row in rows]),
        "last_frame": _union([row.last_frame for row in rows]),
        "cells": [
            {"resolution": cell.resolution, "duration": cell.duration, "assumed": cell.assumed, "note": cell.note}
            for cell in cells.values()
        ],
        "switches": sorted({name for row in rows for name, state in row.switches.items() if state == "works"}),
    }  # fmt: skip


def _union(needs: Sequence[str]) -> str:
    return needs[0] if len(set(needs)) == 1 else "optional"
