"""MiniMax itself, international: its adapter for its two APIs, and what it sells."""
