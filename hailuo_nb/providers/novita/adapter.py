"""Novita: PPInfra's protocol under another brand, with its own host and keys.

Sources: Novita's pages on its Hailuo endpoints, on task results and on errors. Where they are
silent, PPInfra's pages on the same protocol.
"""

from __future__ import annotations

from hailuo_nb.providers.ppinfra.adapter import PPInfra


class Novita(PPInfra):
    name = "novita"
    title = "Novita"
    base_url = "https://api.novita.ai"
    hosts = frozenset({"api.novita.ai"})
    key_variables = ("NOVITA_API_KEY",)
