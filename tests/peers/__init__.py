"""Other people's clients as referees of our stand-ins and adapters: `make peers`."""
