"""The command line, `python -m hailuo_nb`: a plan without a notebook, and care of the ledger."""
