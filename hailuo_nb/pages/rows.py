"""The row of a board: one clip as plain data, for the widget and for everything in this room.

`.ci/js_types.py` writes the same type into `widgets/js/types.js`, with the texts beside the types
as its comments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypedDict

from hailuo_nb.media.text import visible


class Worded(TypedDict, total=False):
    """What is said in a row, in another language than English."""

    error: str
    advice: str
    notes: list[str]
    cancelling: str
    regenerating: str


class BoardRow(TypedDict):
    """One clip of the board."""

    id: str
    prompt: str
    provider: str
    provider_title: str
    simulated: bool
    model: str
    resolution: str
    duration: Annotated[int, "seconds"]
    ratio: Annotated[str, '"" if none was requested']
    references: Annotated[int, "how many"]
    given: Annotated[str, 'a key of the frames and references sent with the prompt; "" for none']
    own: Annotated[dict[str, str], "the person's own columns, as text"]
    option_key: Annotated[str, 'of the sound and options that were set; "" for none']
    take: Annotated[int | None, "null for a clip that cannot be made"]
    state: str
    progress: Annotated[float | None, "0..1"]
    eta: Annotated[float | None, "seconds"]
    queue_position: int | None
    error: str
    advice: str
    cost: Annotated[str, "by the list"]
    charged: Annotated[str, 'as the provider says; "" where it does not']
    spent: Annotated[float | None, "what it cost, as charged else by the list"]
    currency: Annotated[str, "of spent"]
    video: Annotated[str | None, "relative path from the notebook's folder"]
    bytes: int | None
    poster: Annotated[str, 'relative path or data URL; "held" where the kernel has it; ""']
    submitted_at: Annotated[float | None, "Unix seconds"]
    finished_at: Annotated[float | None, "Unix seconds"]
    notes: list[str]
    rating: Annotated[int, "1 to 5 stars, 0 for none"]
    note: str
    tags: list[str]
    usual_seconds: Annotated[float | None, "what such clips took here"]
    task_id: str
    parked: Annotated[bool, "sent and not over, but not driven any more"]
    cancelling: Annotated[
        str | None, "what cancelling its task costs by the provider's page; null where not sold"
    ]
    regenerating: Annotated[
        str | None, "the resolution and price of making it again larger; null where not sold"
    ]
    camera: Annotated[str, "the moves of the prompt, in order"]
    fps: Annotated[float | None, "of the file"]
    frames: Annotated[int | None, "of the file"]
    waveform: Annotated[str, 'its loudness, 200 digits of base 36; "" without sound']
    scores: Annotated[
        dict[str, float | str],
        "what was measured, by measure/report.py's names; of scorers own:name for a figure, "
        "said:name for the rest",
    ]
    worded: Annotated[dict[str, Worded], "by language; what is missing there is as in English"]


class SentRow(BoardRow):
    """One clip of the board."""

    at: Annotated[int, "the number of the write that last changed the row"]


DEFAULT_ROW: BoardRow = {
    "id": "",
    "prompt": "",
    "provider": "",
    "provider_title": "",
    "simulated": False,
    "model": "",
    "resolution": "768P",
    "duration": 6,
    "ratio": "",
    "references": 0,
    "given": "",
    "own": {},
    "option_key": "",
    "take": 1,
    "state": "planned",
    "progress": None,
    "eta": None,
    "queue_position": None,
    "error": "",
    "advice": "",
    "cost": "",
    "charged": "",
    "spent": None,
    "currency": "",
    "video": None,
    "bytes": None,
    "poster": "",
    "submitted_at": None,
    "finished_at": None,
    "notes": [],
    "rating": 0,
    "note": "",
    "tags": [],
    "usual_seconds": None,
    "task_id": "",
    "parked": False,
    "cancelling": None,
    "regenerating": None,
    "camera": "",
    "fps": None,
    "frames": None,
    "waveform": "",
    "scores": {},
    "worded": {},
}


def shared_prompt(rows: Sequence[BoardRow]) -> str | None:
    """The prompt of all rows, None where they have several (or there are none)."""
    prompts = {row["prompt"] for row in rows}
    return prompts.pop() if len(prompts) == 1 else None


def format_cost(cost: float | None, currency: str, simulated: bool) -> str:
    """`2.00 CNY`, `unknown`, or `free (simulated)`."""
    if simulated:
        return "free (simulated)"
    return "unknown" if cost is None else f"{cost:.2f} {currency}".strip()


def costs_nothing(row: BoardRow) -> bool:
    """Whether the list price is not what the clip cost: it ended, and no provider took it."""
    return row["spent"] == 0 and not row["simulated"] and not row["charged"]


def cost_text(row: BoardRow) -> str:
    """`0.49 USD`, `list 0.49 USD, charged 0.52 USD` where the provider says what it charged, or
    `nothing` for a clip that no provider took."""
    if costs_nothing(row):
        return "nothing"
    return f"list {row['cost']}, charged {row['charged']}" if row["charged"] else row["cost"]


def opinions(row: BoardRow) -> list[str]:
    """What a person said of the clip: stars, tags, note."""
    said = ["★" * row["rating"], *(f"#{tag}" for tag in row["tags"]), row["note"]]
    return [text for text in said if text]


def specs(row: BoardRow) -> list[str]:
    """What the clip is: model, resolution, seconds, ratio, references, and the take of a clip that
    can be made."""
    found = [row["model"], row["resolution"], f"{row['duration']} s", row["ratio"]]
    if count := row["references"]:
        found.append(f"{count} reference{'s' if count > 1 else ''}")
    if row["take"]:
        found.append(f"take {row['take']}")
    return [text for text in found if text]


def text_line(row: Mapping[str, Any], end: object) -> str:
    """A clip as one line of text: provider, model, format, take, state, and what follows them.

    row  a `BoardRow`, or the same fields of a table
    """
    line = (
        f"  {row['provider']:<22} {row['model']:<24} {row['resolution']:>5} "
        f"{row['duration']:>2} s  take {row['take'] or '-'}  {row['state']:<11} {end}"
    )
    return visible(line.rstrip())
