"""MiniMax in China: the API of `minimax` at its Chinese host. A key belongs to one of the two."""

from __future__ import annotations

from hailuo_nb.providers.minimax.adapter import MiniMax


class MiniMaxCN(MiniMax):
    name = "minimax-cn"
    title = "MiniMax China"
    base_url = "https://api.minimaxi.com"
    # The newer pages print api.minimax.cn; api.minimax.chat is the old host, still in clients.
    hosts = frozenset({"api.minimaxi.com", "api.minimax.cn", "api.minimax.chat"})
    key_variables = ("MINIMAX_CN_API_KEY",)
    other_region = "provider minimax (MINIMAX_API_KEY)"
