"""Writes the README's table of providers from the catalogue: `python .ci/provider_table.py`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from hailuo_nb import catalog
from hailuo_nb.catalog.rows import ProviderFacts, Row
from hailuo_nb.providers import registry

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- providers: made by .ci/provider_table.py -->", "<!-- end of providers -->"
_CAMERA = {"zh": "Chinese brackets", "en": "English brackets", "prose": "sentences"}
_HEADER = (
    "provider",
    "name",
    "environment variables",
    "models",
    "camera moves are sent as",
    "tasks",
    "list prices",
    "what its page leaves open",
)


def table() -> str:
    """One Markdown row a provider, in the order in which they are shown."""
    lines = [_HEADER, ["---"] * len(_HEADER), *(_row(name) for name in catalog.providers())]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(name: str) -> Sequence[str]:
    rows = [row for row in catalog.rows() if row.provider == name]
    facts = rows[0].facts
    variables = registry.get(name).key_variables
    return (
        facts.title,
        f"`{name}`",
        ", ".join(f"`{variable}`" for variable in variables),
        ", ".join(_short(model) for model in catalog.models(name)),
        ", ".join(dict.fromkeys(_CAMERA[row.camera.dialect] for row in rows)),
        _tasks(rows),
        _prices(facts),
        "; ".join(_left_open(facts, rows)) or "nothing that is used here",
    )


def _short(model: str) -> str:
    return model.removeprefix("MiniMax-").removeprefix("Hailuo-")


def _tasks(rows: Sequence[Row]) -> str:
    """Whether a lost clip can be looked for, and one that is made taken back."""
    found = []
    for word, sold in (
        ("listed", [row.tasks.list for row in rows]),
        ("can be cancelled", [row.tasks.cancel for row in rows]),
    ):
        models = dict.fromkeys(
            _short(row.model) for row, has in zip(rows, sold, strict=True) if has
        )
        if models:
            found.append(word if all(sold) else f"{word} ({', '.join(models)})")
    return ", ".join(found) or "neither listed nor cancelled"


def _prices(facts: ProviderFacts) -> str:
    if not facts.prices.rows:
        return "none stated"
    return f"{facts.prices.currency}, {facts.prices.date or 'undated'}"


def _left_open(facts: ProviderFacts, rows: Sequence[Row]) -> Iterator[str]:
    """What is assumed, and what rests on a guess alone."""
    assumed = {
        f"{_short(row.model)} {cell.resolution} {cell.duration} s": None
        for row in rows
        for cell in row.cells
        if cell.assumed
    }
    if assumed:
        words = list(assumed)
        yield (
            "sold or not: "
            + ", ".join(words[:3])
            + (f" and {len(words) - 3} more" * (len(words) > 3))
        )
    if facts.picture.assumed:
        yield "limits of pictures (" + ", ".join(facts.picture.assumed).replace("max_", "") + ")"
    blocks = {
        "the language of the moves": facts.camera,
        "the limit of a prompt": facts.prompt,
        "how many calls it takes": facts.requests,
        "the life of links": facts.tasks,
        "prices": facts.prices,
    }
    yield from (words for words, block in blocks.items() if block.sure.startswith("C"))
    unsaid = (row for row in rows if row.camera.sure.startswith("C") and row.camera != facts.camera)
    if moves := dict.fromkeys(_short(row.model) for row in unsaid):
        yield f"camera moves of {', '.join(moves)}"
    guessed = dict.fromkeys(_short(row.model) for row in rows if row.sure.startswith("C"))
    if guessed:
        yield f"everything about {', '.join(guessed)}"


def written(text: str) -> str:
    """The README with the table of today in it."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{table()}\n\n{END}{tail}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(table() + "\n")
