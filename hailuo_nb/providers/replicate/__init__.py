"""Replicate: its adapter, and what it sells (`catalog.json`)."""
