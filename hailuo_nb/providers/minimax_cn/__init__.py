"""MiniMax itself in China: another host, key and price list than `minimax`, the same API."""
