"""Novita, `https://api.novita.ai`: PPInfra's protocol under another brand.

Written from Novita's pages on Hailuo 2.3 image-to-video and 2.3 Fast, which print PPInfra's
endpoints and fields. Assumed: that what they leave out (02, errors, task results) is as there.
"""

from __future__ import annotations

from hailuo_nb.simulator.dialects.ppinfra import PPInfra


class Novita(PPInfra):
    name = "novita"
    title = "Novita"
    hosts = ("api.novita.ai",)
