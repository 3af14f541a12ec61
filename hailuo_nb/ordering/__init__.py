"""From what a person asks for to job specs: accounts, validation, table, plan, budget."""
