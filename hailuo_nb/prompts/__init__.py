"""Prompts: the camera moves in them, and their variants. Pure."""
