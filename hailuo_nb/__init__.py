"""hailuo_nb: tune MiniMax Hailuo video prompts and compare the providers that sell the model, in
Jupyter.

    import hailuo_nb as hn
    hn.Studio()                                                    # the widget
    hn.compare("A cat runs [Push in]", provider=["simulated:ppinfra", "simulated:modelverse"])

The public names are imported when they are first used: importing this package loads no widget,
starts no thread and patches nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# Not lazily: the function has to take the place of the module of its name.
from hailuo_nb.doctor import doctor as doctor
from hailuo_nb.measure import measure as measure

__version__ = "0.1.0"

_PUBLIC = {
    "AddressError": "hailuo_nb.errors",
    "ArgumentError": "hailuo_nb.errors",
    "BudgetError": "hailuo_nb.errors",
    "BundleError": "hailuo_nb.errors",
    "CatalogError": "hailuo_nb.errors",
    "Chain": "hailuo_nb.results.chain",
    "ChainError": "hailuo_nb.errors",
    "CheckError": "hailuo_nb.errors",
    "Comparison": "hailuo_nb.results.comparison",
    "FieldError": "hailuo_nb.errors",
    "FileError": "hailuo_nb.errors",
    "Frame": "hailuo_nb.requests.frame",
    "FrameError": "hailuo_nb.errors",
    "HailuoError": "hailuo_nb.errors",
    "IncompleteJobError": "hailuo_nb.errors",
    "InvalidRequestError": "hailuo_nb.errors",
    "Job": "hailuo_nb.results.job",
    "JobNotFoundError": "hailuo_nb.errors",
    "JudgeError": "hailuo_nb.errors",
    "KeyFormatError": "hailuo_nb.errors",
    "LedgerClosedError": "hailuo_nb.errors",
    "LedgerError": "hailuo_nb.errors",
    "LinkError": "hailuo_nb.errors",
    "Manifest": "hailuo_nb.requests.manifest",
    "ManifestError": "hailuo_nb.errors",
    "MeasureError": "hailuo_nb.errors",
    "MediaError": "hailuo_nb.errors",
    "MissingKeyError": "hailuo_nb.errors",
    "NoComparisonError": "hailuo_nb.errors",
    "MissingExtraError": "hailuo_nb.errors",
    "NoParquetError": "hailuo_nb.errors",
    "NotMeasuredError": "hailuo_nb.errors",
    "PreviewError": "hailuo_nb.errors",
    "PriceFileError": "hailuo_nb.errors",
    "ProviderError": "hailuo_nb.errors",
    "ReadOnlyError": "hailuo_nb.errors",
    "Reference": "hailuo_nb.requests.reference",
    "ScoreError": "hailuo_nb.errors",
    "Studio": "hailuo_nb.widgets.studio",
    "TableError": "hailuo_nb.errors",
    "TooLargeError": "hailuo_nb.errors",
    "Tune": "hailuo_nb.results.tune",
    "TuneError": "hailuo_nb.errors",
    "UnknownNameError": "hailuo_nb.errors",
    "VariantsError": "hailuo_nb.errors",
    "UnknownOptionError": "hailuo_nb.errors",
    "VotesError": "hailuo_nb.errors",
    "VideoRequest": "hailuo_nb.requests.video_request",
    "adherence": "hailuo_nb.measure.verdicts",
    "allow_nested": "hailuo_nb.engine.loop",
    "boards": "hailuo_nb.results.history",
    "chain": "hailuo_nb.api",
    "compare": "hailuo_nb.api",
    "dry_run": "hailuo_nb.api",
    "enter_key": "hailuo_nb.ordering.accounts",
    "generate": "hailuo_nb.api",
    "history": "hailuo_nb.results.history",
    "home": "hailuo_nb.engine.session",
    "inspect": "hailuo_nb.results.inspection",
    "matrix": "hailuo_nb.api",
    "plan": "hailuo_nb.ordering.plan",
    "preview": "hailuo_nb.simulator.preview",
    "provider": "hailuo_nb.ordering.accounts",
    "resume": "hailuo_nb.api",
    "score": "hailuo_nb.measure.scoring",
    "tune": "hailuo_nb.results.tune",
}
_MODULES = {"scorers": "hailuo_nb.measure.scorers"}

__all__ = sorted([*_PUBLIC, *_MODULES, "doctor", "measure"])  # noqa: PLE0605 - one table serves both

if TYPE_CHECKING:
    from hailuo_nb.api import chain as chain
    from hailuo_nb.api import compare as compare
    from hailuo_nb.api import dry_run as dry_run
    from hailuo_nb.api import generate as generate
    from hailuo_nb.api import matrix as matrix
    from hailuo_nb.api import resume as resume
    from hailuo_nb.engine.loop import allow_nested as allow_nested
    from hailuo_nb.engine.session import home as home
    from hailuo_nb.errors import AddressError as AddressError
    from hailuo_nb.errors import ArgumentError as ArgumentError
    from hailuo_nb.errors import BudgetError as BudgetError
    from hailuo_nb.errors import BundleError as BundleError
    from hailuo_nb.errors import CatalogError as CatalogError
    from hailuo_nb.errors import ChainError as ChainError
    from hailuo_nb.errors import CheckError as CheckError
    from hailuo_nb.errors import FieldError as FieldError
    from hailuo_nb.errors import FileError as FileError
    from hailuo_nb.errors import FrameError as FrameError
    from hailuo_nb.errors import HailuoError as HailuoError
    from hailuo_nb.errors import IncompleteJobError as IncompleteJobError
    from hailuo_nb.errors import InvalidRequestError as InvalidRequestError
    from hailuo_nb.errors import JobNotFoundError as JobNotFoundError
    from hailuo_nb.errors import JudgeError as JudgeError
    from hailuo_nb.errors import KeyFormatError as KeyFormatError
    from hailuo_nb.errors import LedgerClosedError as LedgerClosedError
    from hailuo_nb.errors import LedgerError as LedgerError
    from hailuo_nb.errors import LinkError as LinkError
    from hailuo_nb.errors import ManifestError as ManifestError
    from hailuo_nb.errors import MeasureError as MeasureError
    from hailuo_nb.errors import MediaError as MediaError
    from hailuo_nb.errors import MissingExtraError as MissingExtraError
    from hailuo_nb.errors import MissingKeyError as MissingKeyError
    from hailuo_nb.errors import NoComparisonError as NoComparisonError
    from hailuo_nb.errors import NoParquetError as NoParquetError
    from hailuo_nb.errors import NotMeasuredError as NotMeasuredError
    from hailuo_nb.errors import PreviewError as PreviewError
    from hailuo_nb.errors import PriceFileError as PriceFileError
    from hailuo_nb.errors import ProviderError as ProviderError
    from hailuo_nb.errors import ReadOnlyError as ReadOnlyError
    from hailuo_nb.errors import ScoreError as ScoreError
    from hailuo_nb.errors import TableError as TableError
    from hailuo_nb.errors import TooLargeError as TooLargeError
    from hailuo_nb.errors import TuneError as TuneError
    from hailuo_nb.errors import UnknownNameError as UnknownNameError
    from hailuo_nb.errors import UnknownOptionError as UnknownOptionError
    from hailuo_nb.errors import VariantsError as VariantsError
    from hailuo_nb.errors import VotesError as VotesError
    from hailuo_nb.measure import scorers as scorers
    from hailuo_nb.measure.scoring import score as score
    from hailuo_nb.measure.verdicts import adherence as adherence
    from hailuo_nb.ordering.accounts import enter_key as enter_key
    from hailuo_nb.ordering.accounts import provider as provider
    from hailuo_nb.ordering.plan import plan as plan
    from hailuo_nb.requests.frame import Frame as Frame
    from hailuo_nb.requests.manifest import Manifest as Manifest
    from hailuo_nb.requests.reference import Reference as Reference
    from hailuo_nb.requests.video_request import VideoRequest as VideoRequest
    from hailuo_nb.results.chain import Chain as Chain
    from hailuo_nb.results.comparison import Comparison as Comparison
    from hailuo_nb.results.history import boards as boards
    from hailuo_nb.results.history import history as history
    from hailuo_nb.results.inspection import inspect as inspect
    from hailuo_nb.results.job import Job as Job
    from hailuo_nb.results.tune import Tune as Tune
    from hailuo_nb.results.tune import tune as tune
    from hailuo_nb.simulator.preview import preview as preview
    from hailuo_nb.widgets.studio import Studio as Studio


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC and name not in _MODULES:
        raise AttributeError(f"module 'hailuo_nb' has no attribute {name!r}")
    from importlib import import_module

    whole = name in _MODULES
    value = import_module(_MODULES[name]) if whole else getattr(import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext hailuo_nb`: the magics `%%hailuo`, `%hailuo_resume` and `%hailuo_history`."""
    from importlib import import_module

    import_module("hailuo_nb.widgets.magics").load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """`%unload_ext hailuo_nb`: takes the magics away; clips that are under way go on."""
    from importlib import import_module

    import_module("hailuo_nb.widgets.magics").unload(ipython)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC, *_MODULES])
