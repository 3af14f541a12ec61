"""`python -m hailuo_nb.simulator`, the same as `python -m hailuo_nb simulator`."""

from __future__ import annotations

from hailuo_nb.simulator.command import simulator

if __name__ == "__main__":
    simulator(prog_name="python -m hailuo_nb.simulator")
