"""`hn.doctor()`: collects what is needed to report a problem.

It opens no connection, starts no thread, changes no file and prints no key. `import hailuo_nb`
loads this file, so that `hailuo_nb.doctor` is the function; each part imports what it needs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hailuo_nb.doctor.report import Report


def doctor() -> Report:
    """Shows and returns a report of this installation. Sends and changes nothing; holds no key.

    In a notebook it is the value of its cell, a table with a button that copies it as text;
    elsewhere it is printed. `.text` and `.to_markdown()` are for pasting it.
    """
    from hailuo_nb.pages.progress import in_kernel

    report = examine()
    if not in_kernel():
        sys.stdout.write(report.text + "\n")
    return report


def examine() -> Report:
    """The same, shown nowhere."""
    from hailuo_nb.doctor import connections, installation, ledger, providers
    from hailuo_nb.doctor.report import Report
    from hailuo_nb.engine import session

    return Report.of(
        [
            installation.check(),
            ledger.check(session.home()),
            providers.check_keys(),
            providers.check_prices(),
            connections.check(),
        ]
    )
