"""`python -m hailuo_nb`: see `hailuo_nb.cli`."""

from __future__ import annotations

from hailuo_nb.cli.commands import main

if __name__ == "__main__":
    main()
