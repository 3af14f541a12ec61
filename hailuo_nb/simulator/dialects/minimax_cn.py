"""MiniMax in China, `https://api.minimaxi.com`: the API of `minimax` with another key.

Its pages have `aigc_watermark`, and references for H3-Max as well.
"""

from __future__ import annotations

from hailuo_nb.simulator.dialects.minimax import MiniMax


class MiniMaxCN(MiniMax):
    name = "minimax-cn"
    title = "MiniMax China"
    hosts = ("api.minimaxi.com", "api.minimax.cn")
    foreign = "io-"
    has_watermark = True
    with_references = ("MiniMax-H3", "MiniMax-H3-Max")
