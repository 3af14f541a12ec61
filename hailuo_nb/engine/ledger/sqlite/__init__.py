"""The ledger in one SQLite file: the only place that knows SQLite."""

from hailuo_nb.engine.ledger.sqlite.inspection import Inspection, OpenJob, inspect
from hailuo_nb.engine.ledger.sqlite.ledger import SqliteLedger

__all__ = ["Inspection", "OpenJob", "SqliteLedger", "inspect"]
