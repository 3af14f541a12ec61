"""The states of a job as a drawing, from the table of `engine.states`."""

from __future__ import annotations

from collections import defaultdict
from html import escape

from hailuo_nb.engine.states import FINAL, LOOKED_FOR, TRANSITIONS

WIDTH, HEIGHT = 1060, 450
BOX = (104, 34)
PLACES = {
    "planned": (80, 150), "submitting": (270, 150), "submitted": (460, 150), "ready": (650, 150),
    "downloading": (825, 150), "saved": (985, 150), "unknown": (365, 265),
    "cancelled": (80, 395), "rejected": (245, 395), "failed": (460, 395), "expired": (740, 395),
}  # fmt: skip
FRAME = (16, 362, 804, 432)  # around the ends that somebody can look at again
# How far an arrow bends to its left, in pixels; straight where nothing is said.
BENDS = {
    ("submitting", "planned"): 34, ("ready", "submitted"): 34, ("downloading", "ready"): 34,
    ("downloading", "submitted"): 66, ("submitted", "cancelled"): 14,
}  # fmt: skip
# Where the words of a slanted arrow stand: 0 at its start, 1 at its tip.
LABELS = {("submitting", "rejected"): 0.72, ("submitted", "cancelled"): 0.8}


def draw() -> str:
    """An SVG for a page of the site: its colours are those of the page."""
    arrows: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    back: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    itself: defaultdict[str, list[str]] = defaultdict(list)
    for (before, event), then in TRANSITIONS.items():
        if before == then:
            itself[before].append(event)
        elif before in LOOKED_FOR and then in {"submitted", "ready"}:
            back[event, then].append(before)
        else:
            arrows[before, then].append(event)
    parts = [
        f'<svg class="hn-states" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'xmlns="http://www.w3.org/2000/svg"><title>The states of a job</title>',
        '<defs><marker id="hn-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
        _frame(),
        *(_arrow(*ends, events) for ends, events in arrows.items()),
        *(_back(event, then, befores) for (event, then), befores in back.items()),
        *(_state(name, itself[name]) for name in PLACES),
        "</svg>",
    ]
    return "\n".join(parts)


def _state(name: str, again: list[str]) -> str:
    x, y = PLACES[name]
    w, h = BOX
    kind = "end" if name in FINAL else "waits" if name == "unknown" else "goes"
    note = f'<text x="{x}" y="{y + 30}" class="event">{escape(", ".join(again))} ↺</text>'
    return (
        f'<g class="{kind}" data-stays="{" ".join(again)}"><rect x="{x - w / 2}" y="{y - h / 2}" '
        f'width="{w}" height="{h}" rx="8"/><text x="{x}" y="{y + 5}">{name}</text></g>'
        + (note if again else "")
    )


def _arrow(before: str, then: str, events: list[str]) -> str:
    (x1, y1), (x2, y2) = PLACES[before], PLACES[then]
    start, end = _edge(x1, y1, x2, y2), _edge(x2, y2, x1, y1)
    bend = BENDS.get((before, then), 0)
    if bend and y1 == y2:  # back along the row: over the boxes
        start, end = (x1 - 14, y1 - BOX[1] / 2), (x2 + 14, y2 - BOX[1] / 2)
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - bend * 1.4
    along = 0.5 if y1 == y2 else LABELS.get((before, then), 0.5)
    text = (
        start[0] + (end[0] - start[0]) * along,
        start[1] + (end[1] - start[1]) * along - bend * 0.7 - 5,
    )
    return (
        f'<g class="arrow" data-edge="{before} {then} {" ".join(events)}">'
        f'<path d="M{start[0]:.0f} {start[1]:.0f} Q{middle[0]:.0f} {middle[1]:.0f} '
        f'{end[0]:.0f} {end[1]:.0f}" marker-end="url(#hn-tip)"/>'
        f'<text x="{text[0]:.0f}" y="{text[1]:.0f}" class="event">{", ".join(events)}</text></g>'
    )


def _edge(x1: float, y1: float, x2: float, y2: float) -> tuple[float, float]:
    """Where the line to the other centre leaves this box."""
    w, h = BOX[0] / 2, BOX[1] / 2
    dx, dy = x2 - x1, y2 - y1
    scale = min(w / abs(dx) if dx else 9e9, h / abs(dy) if dy else 9e9)
    return x1 + dx * scale, y1 + dy * scale


def _frame() -> str:
    left, top, right, bottom = FRAME
    return (
        f'<rect class="frame" x="{left}" y="{top}" width="{right - left}" '
        f'height="{bottom - top}" rx="10"/>'
    )


def _back(event: str, then: str, befores: list[str]) -> str:
    """One arrow for all ends from which a look leads back."""
    left, _, right, bottom = FRAME
    x, y = PLACES[then]
    words = f"{event}, from {', '.join(befores)}"
    if then == "submitted":
        path = f"M{left} {bottom - 20} H6 V20 H{x} V{y - BOX[1] / 2}"
        place = f'x="{x - 12}" y="37" text-anchor="end"'
    else:
        path = f"M{right} {bottom - 20} H{WIDTH - 6} V20 H{x} V{y - BOX[1] / 2}"
        place = f'x="{x + 12}" y="37" text-anchor="start"'
    return (
        f'<g class="back" data-back="{then} {event} {" ".join(befores)}">'
        f'<path d="{path}" marker-end="url(#hn-tip)"/>'
        f'<text {place} class="event side">{words}</text></g>'
    )
