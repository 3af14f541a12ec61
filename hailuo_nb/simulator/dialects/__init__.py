"""One file a provider, each written from that provider's page alone. `all_dialects()` lists them.

Adding one: a module with a class that has the shape of `common.Dialect`, and its line below.
"""

from __future__ import annotations

from hailuo_nb.simulator.dialects.chanjing import Chanjing
from hailuo_nb.simulator.dialects.common import Dialect
from hailuo_nb.simulator.dialects.modelverse import Modelverse
from hailuo_nb.simulator.dialects.ppinfra import PPInfra
from hailuo_nb.simulator.dialects.xcompute import XCompute


def all_dialects() -> tuple[Dialect, ...]:
    """Fresh dialects. Modelverse stands before xCompute: `/v1/tasks/status` is also an xCompute
    task of that name."""
    return (PPInfra(), Modelverse(), Chanjing(), XCompute())
