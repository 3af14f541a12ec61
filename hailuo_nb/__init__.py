"""hailuo_nb: tune MiniMax Hailuo video prompts and compare the providers that sell the model, in Jupyter.

    import hailuo_nb as hn
    hn.Studio()                                                    # the widget
    hn.compare("A cat runs [Push in]", provider=["simulated:ppinfra", "simulated:modelverse"])

The public names are imported when they are first used: importing this package loads no widget, starts no thread
and patches nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PUBLIC = {
    "ArgumentError": "hailuo_nb.arguments",
    "BudgetError": "hailuo_nb.budget",
    "Comparison": "hailuo_nb.toolkit",
    "Frame": "hailuo_nb.frame",
    "FrameError": "hailuo_nb.frame",
    "InvalidRequestError": "hailuo_nb.asking",
    "Job": "hailuo_nb.job",
    "LedgerError": "hailuo_nb.engine.ledger",
    "MissingKeyError": "hailuo_nb.access",
    "ProviderError": "hailuo_nb.providers.base",
    "Studio": "hailuo_nb.widgets.studio",
    "UnknownName": "hailuo_nb.arguments",
    "VideoRequest": "hailuo_nb.request",
    "allow_nested": "hailuo_nb.engine.loop",
    "boards": "hailuo_nb.toolkit",
    "compare": "hailuo_nb.toolkit",
    "doctor": "hailuo_nb.diagnosis",
    "enter_key": "hailuo_nb.access",
    "generate": "hailuo_nb.toolkit",
    "home": "hailuo_nb.engine.session",
    "resume": "hailuo_nb.toolkit",
    "dry_run": "hailuo_nb.toolkit",
    "history": "hailuo_nb.toolkit",
    "adherence": "hailuo_nb.measure",
    "matrix": "hailuo_nb.toolkit",
    "measure": "hailuo_nb.measure",
    "plan": "hailuo_nb.planning",
    "preview": "hailuo_nb.preview",
    "provider": "hailuo_nb.access",
    "score": "hailuo_nb.scoring",
}

__all__ = sorted(_PUBLIC)  # noqa: PLE0605 - one table serves both

if TYPE_CHECKING:
    from hailuo_nb.access import MissingKeyError as MissingKeyError
    from hailuo_nb.access import enter_key as enter_key
    from hailuo_nb.access import provider as provider
    from hailuo_nb.arguments import ArgumentError as ArgumentError
    from hailuo_nb.arguments import UnknownName as UnknownName
    from hailuo_nb.asking import InvalidRequestError as InvalidRequestError
    from hailuo_nb.budget import BudgetError as BudgetError
    from hailuo_nb.comparison import Comparison as Comparison
    from hailuo_nb.diagnosis import doctor as doctor
    from hailuo_nb.engine.ledger import LedgerError as LedgerError
    from hailuo_nb.engine.loop import allow_nested as allow_nested
    from hailuo_nb.engine.session import home as home
    from hailuo_nb.frame import Frame as Frame
    from hailuo_nb.frame import FrameError as FrameError
    from hailuo_nb.job import Job as Job
    from hailuo_nb.measure import adherence as adherence
    from hailuo_nb.measure import measure as measure
    from hailuo_nb.planning import plan as plan
    from hailuo_nb.preview import preview as preview
    from hailuo_nb.providers.base import ProviderError as ProviderError
    from hailuo_nb.request import VideoRequest as VideoRequest
    from hailuo_nb.scoring import score as score
    from hailuo_nb.toolkit import boards as boards
    from hailuo_nb.toolkit import compare as compare
    from hailuo_nb.toolkit import dry_run as dry_run
    from hailuo_nb.toolkit import generate as generate
    from hailuo_nb.toolkit import history as history
    from hailuo_nb.toolkit import matrix as matrix
    from hailuo_nb.toolkit import resume as resume
    from hailuo_nb.widgets.studio import Studio as Studio


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'hailuo_nb' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext hailuo_nb`: the magics `%%hailuo`, `%hailuo_resume` and `%hailuo_history`."""
    from importlib import import_module

    import_module("hailuo_nb.magics").load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """`%unload_ext hailuo_nb`: takes the magics away; clips that are under way go on."""
    from importlib import import_module

    import_module("hailuo_nb.magics").unload(ipython)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
