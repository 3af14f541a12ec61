"""The ledger: every job on disk, written before and after each step that costs money."""

FILE_NAME = "ledger.sqlite"
"""The ledger's file in the home folder."""
