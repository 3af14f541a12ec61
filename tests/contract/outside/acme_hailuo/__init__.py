"""Acme, an invented seller of MiniMax Hailuo: a provider of another package."""
