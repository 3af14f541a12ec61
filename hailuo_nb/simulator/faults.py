"""Faults that can be switched on by name, to see how a client bears them.

Pure. Must not know HTTP or any provider's words: `app` and the dialects ask `Faults.hits(name)` and
act on it. Each fault draws from its own seeded generator, so the same requests in the same order
meet the same faults.
"""

from __future__ import annotations

import difflib
import random
from collections.abc import Iterable
from types import MappingProxyType

TABLE = MappingProxyType(
    {
        "html": "an API call answers an HTML page with status 200",
        "bad_json": "an API call answers JSON that is cut in the middle",
        "rate_limit": "an API call is refused as too frequent, with Retry-After",
        "server_error": "an API call is refused with the provider's internal error",
        "drop_after_charge": "the task is made and charged, then the answer is lost and the "
        "connection cut",
        "slow_submit": "the task is made and charged, the answer comes 300 provider's seconds "
        "later",
        "cut_download": "a clip's body ends after a third of the Content-Length, and the "
        "connection is cut",
        "expired_link": "a link to a clip answers 403, as it does after its time",
        "fail_task": "a task fails at its end, in the provider's words, and costs nothing",
        "moderation": "content is refused: Modelverse at submit, the others at the end of the "
        "task; costs nothing",
        "raw_key_only": "Modelverse refuses 'Bearer <key>' and takes only the bare key, as its "
        "video pages show",
        "flat_status": "xCompute's status answer is flat, as in its own sample, instead of wrapped "
        "as APIMart's",
        "token_expiry": "a Chanjing token is good for three calls, then it is dead (10400)",
    }
)
"""Name -> what happens. Written `name` (always) or `name:0.1` (one time in ten)."""


class ConnectionLostError(ConnectionError):
    """The simulator took the request and lost the answer on purpose (`drop_after_charge`,
    `cut_download`).

    Served over a socket the connection is cut. Mounted in process with an ASGI transport there is
    no connection to cut, so this exception reaches the client, which should read it as it reads a
    connection error after sending.
    """


class Faults:
    """Which faults are on, and whether this time is one of their times."""

    def __init__(self, specs: Iterable[str] = (), *, seed: int = 0) -> None:
        self._odds: dict[str, float] = {}
        for spec in specs:
            name, odds = parse_fault(spec)
            self._odds[name] = odds
        self._draw = {name: random.Random(f"{seed}:{name}") for name in self._odds}  # noqa: S311
        self.count = dict.fromkeys(self._odds, 0)

    def hits(self, name: str) -> bool:
        """Whether the fault happens now. Every question draws once."""
        if name not in TABLE:
            raise KeyError(name)
        odds = self._odds.get(name, 0.0)
        if odds <= 0 or self._draw[name].random() >= odds:
            return False
        self.count[name] += 1
        return True


def parse_fault(spec: str) -> tuple[str, float]:
    """`"html"` -> ("html", 1.0), `"html:0.1"` -> ("html", 0.1). Raises ValueError that lists the
    known names."""
    name, _, odds_text = spec.strip().partition(":")
    name = name.replace("-", "_")
    if name not in TABLE:
        near = difflib.get_close_matches(name, TABLE, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"unknown fault {name!r}.{hint} Known: {', '.join(TABLE)}")
    try:
        odds = float(odds_text) if odds_text else 1.0
    except ValueError:
        odds = -1.0
    if not 0 <= odds <= 1:
        raise ValueError(f"the probability in {spec!r} must be a number from 0 to 1")
    return name, odds
