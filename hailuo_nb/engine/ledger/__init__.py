"""The ledger: every job on disk, written before and after each step that costs money."""
