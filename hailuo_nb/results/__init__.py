"""Jobs and comparisons: what a person holds, votes on, saves and loads."""
