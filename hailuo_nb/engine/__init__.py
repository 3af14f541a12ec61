"""Everything that happens while the user does something else: ledger, loop, transport, schedule,
download, runner."""
