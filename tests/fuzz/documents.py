"""JSON that somebody changed: a true document with values, names and sizes that nobody expects, as
text or as bytes.

Hypothesis draws one number a change, and the number makes it: ten times as quick as drawing every
part, and what is simplest still has the fewest changes.
"""

from __future__ import annotations

import copy
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

TEXTS = (
    "", " ", "\0", "\ud800", "\udfff\ud800", "\u202e\u2066", "\x1b[31mred", "\r\n\r\n", "%00",
    "$(id)", "é́́", "😀" * 40,
    "٣",
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<!--<script>",
    "'\"><img src=x onerror=alert(1)>",
    "=cmd|' /C "
    "calc'!A0", "javascript:alert(1)", "${7*7}{{7*7}}", "[Push "
                                                        "in", "nan", "1e400", "-1", "0", "6",
                                                        "true",
    "../secret", "../../../../etc/passwd", "/etc/passwd", "/dev/zero", "~/.ssh/id_rsa", "C:\\x",
    "videos/../../secret",
    "file:///etc/passwd", "http://127.0.0.1:9/", "https://user:word@evil.invalid/a", "https://[::1",
    "//evil.invalid/",
    "https://169.254.169.254/latest", "sha256:", "sha256:../../secret", "simulated:",
    "simulated:simulated:ppinfra",
    "saved", "planned", "tie", "ppinfra", "chanjing", "MiniMax-Hailuo-02", "768P",
    "task_status_succeed",
)  # fmt: skip
"""Texts that have hurt some program: controls, halves of pairs, markup, formulas, paths, addresses,
our own words."""

_MANY = "9" * 5000
RAW = {
    "@digits@": _MANY,
    "@fraction@": f"0.{_MANY}e-9",
    "@huge@": "1e999999",
    "@deep@": "[" * 3000 + "]" * 3000,
    "@deep object@": '{"a":' * 3000 + "1" + "}" * 3000,
    "@twice@": '{"a":1,"a":2}',
    "@bare@": "undefined",
    "@nan@": "NaN",
    "@infinity@": "-Infinity",
    "@escape@": '"\\ud83d"',
    "@bad escape@": '"\\u12"',
}
"""What no JSON writer of Python writes, by the text that stands for it until the document is
written."""

NUMBERS = (
    0, -0.0, -1, 1, 2, 5, 6, 7, 0.1, 1e-320, 1e9, 1e15, 2**31, 2**53 + 1, 2**63 - 1, 2**63,
    -(2**63) - 1, 10**400,
    1.7e308, -1.7e308, float("nan"), float("inf"), float("-inf"),
)  # fmt: skip

_ACTS = (
    ("near",) * 6
    + ("replace",) * 3
    + ("swap", "swap", "drop", "rename", "repeat", "wrap", "spoil", "spoil")
)
_HOW = ("whole",) * 14 + ("cut", "spoil", "mark", "utf-16", "zeros", "twice")

seeds = st.integers(0, 2**48)
changes = st.lists(seeds, max_size=4)
"""A seed for each change; none is the document as it was."""


def value(rng: random.Random, depth: int = 0) -> Any:
    """Any JSON value, and what is none (see `RAW`)."""
    kind = rng.randrange(9 if depth < 2 else 6)
    if kind == 0:
        return rng.choice((None, True, False))
    if kind <= 2:
        return number(rng)
    if kind <= 4:
        return text(rng)
    if kind == 5:
        return rng.choice(sorted(RAW))
    if kind <= 7:
        return [value(rng, depth + 1) for _ in range(rng.randrange(3))]
    return {text(rng): value(rng, depth + 1) for _ in range(rng.randrange(3))}


def number(rng: random.Random) -> int | float:
    near = (
        rng.randrange(-3, 20),
        rng.randrange(-(2**70), 2**70),
        rng.uniform(-100, 2e9),
        10.0 ** rng.randrange(-320, 309),
    )
    return rng.choice((rng.choice(NUMBERS), rng.choice(near)))


def text(rng: random.Random) -> str:
    found = rng.choice(TEXTS) if rng.random() < 0.7 else "".join(map(chr, _points(rng)))
    return found * rng.choice((1,) * 20 + (200, 30_000))


def near(rng: random.Random, found: Any) -> Any:
    """Another value of the same kind, which a check of kinds lets through."""
    if isinstance(found, bool):
        return not found
    if isinstance(found, int):
        return rng.choice((0, 1, 2, 6, found - 1, found + 1, found * 2))
    if isinstance(found, float):
        return rng.choice((0.0, 0.5, 1.0, found / 2, found * 2, found + 1e-9))
    if isinstance(found, str):
        return rng.choice(
            (rng.choice(TEXTS), found.upper(), found[: len(found) // 2], found + rng.choice(TEXTS))
        )
    return found


def _points(rng: random.Random) -> Iterator[int]:
    """Code points of every plane, halves of pairs too."""
    for _ in range(rng.randrange(12)):
        yield rng.choice(
            (
                rng.randrange(128),
                rng.randrange(0x3000),
                rng.randrange(0xD700, 0xE000),
                rng.randrange(sys.maxunicode + 1),
            )
        )


def changed(base: Any, seeds: Sequence[int]) -> Any:
    """`base` (plain data) with a change somewhere in it for each seed. Texts may stand for what is
    in `RAW`."""
    document = [copy.deepcopy(base)]
    for seed in seeds:
        rng = random.Random(seed)
        # The first holder is the list around the document: the whole is replaced now and then.
        _change(rng, document, rng.choice(list(_holders(document))))
    return document[0]


def _change(rng: random.Random, document: list[Any], holder: Any) -> None:
    keys = list(_keys(holder))
    if not keys:
        if isinstance(holder, list):
            holder.append(value(rng))
        return
    key, act = rng.choice(keys), rng.choice(_ACTS)
    found = holder[key]
    if act == "swap":  # with a value from elsewhere in the document
        other = rng.choice([one for one in _holders(document) if one])
        holder[key] = copy.deepcopy(other[rng.choice(list(_keys(other)))])
    elif act == "near":
        holder[key] = near(rng, found)
    elif act == "drop" and holder is not document:
        del holder[key]
    elif act == "rename" and isinstance(holder, dict):
        holder[text(rng)] = holder.pop(key)
    elif act == "repeat" and isinstance(found, list | str):
        holder[key] = found * rng.choice((0, 2, 50))
    elif act == "wrap":
        holder[key] = rng.choice(([found], [found, found], {"url": found}, [[found]]))
    elif act == "spoil" and isinstance(found, str):
        at = rng.randrange(len(found) + 1)
        holder[key] = found[:at] + text(rng) + found[at:]
    else:
        holder[key] = value(rng)


def _keys(holder: Any) -> Iterable[Any]:
    return holder if isinstance(holder, dict) else range(len(holder))


def _holders(found: Any) -> Iterator[Any]:
    """The lists and objects of a document, the outermost first."""
    if isinstance(found, dict | list):
        yield found
        for one in found.values() if isinstance(found, dict) else found:
            yield from _holders(one)


def written(document: Any, *, ascii_only: bool = False) -> str:
    """The document as JSON text, or as near to it as what is in `RAW` allows."""
    found = json.dumps(document, ensure_ascii=ascii_only)
    for name, raw in RAW.items():
        if name in found:
            found = found.replace(f'"{name}"', raw)
    return found


def body(base: Any, seeds: Sequence[int]) -> bytes:
    """A changed document as bytes, now and then cut, spoiled or in another encoding."""
    rng = random.Random(f"how {seeds}")
    data = written(changed(base, seeds), ascii_only=rng.random() < 0.5).encode(
        "utf-8", "surrogatepass"
    )
    how = rng.choice(_HOW) if seeds else "whole"
    at = rng.randrange(len(data) + 1)
    if how == "cut":
        return data[:at]
    if how == "spoil":
        return data[:at] + rng.randbytes(rng.randrange(9)) + data[at + 1 :]
    if how == "utf-16":
        return data.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
    return {"mark": b"\xef\xbb\xbf" + data, "zeros": data + b"\0" * 64, "twice": data * 2}.get(
        how, data
    )
