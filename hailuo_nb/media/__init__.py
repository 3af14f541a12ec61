"""What somebody else made, as text, file, picture or clip: read within bounds, and written
whole."""
