"""Prompts: camera moves and variants."""
