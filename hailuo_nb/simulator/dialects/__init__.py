"""One file a provider, each written from that provider's page alone. `all_dialects()` lists them.

Another package brings one through the entry point group `hailuo_nb.simulators`, by the provider's
name: a class that has the shape of `common.Dialect`.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import Any

from hailuo_nb.requests.entry_points import SIMULATORS, Plugins, load
from hailuo_nb.simulator.dialects.chanjing import Chanjing
from hailuo_nb.simulator.dialects.common import Dialect
from hailuo_nb.simulator.dialects.modelverse import Modelverse
from hailuo_nb.simulator.dialects.ppinfra import PPInfra
from hailuo_nb.simulator.dialects.xcompute import XCompute


def all_dialects() -> tuple[Dialect, ...]:
    """Fresh dialects. Modelverse stands before xCompute: `/v1/tasks/status` is also an xCompute
    task of that name."""
    own: tuple[Dialect, ...] = (PPInfra(), Modelverse(), Chanjing(), XCompute())
    return (*own, *installed([dialect.name for dialect in own]).working.values())


def installed(taken: list[str]) -> Plugins[Dialect]:
    """Fresh dialects of other packages, by name. What cannot be loaded is left out."""
    return load(SIMULATORS, taken, _read)


def _read(entry: EntryPoint, dialect: Any) -> Dialect:
    found: Dialect = dialect()
    if found.name != entry.name:
        raise ValueError(f"its dialect calls itself {found.name!r}")
    found.endpoints()
    return found
