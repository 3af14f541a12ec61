"""Write the rows of hailuo_nb/pages, and what the studio sends, into widgets/js/types.js, as JSDoc.

`python .ci/js_types.py` writes the file, `--check` says whether that would change it (a unit test
asks).
"""

from __future__ import annotations

import sys
from dataclasses import is_dataclass
from inspect import cleandoc
from pathlib import Path
from textwrap import wrap
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

from hailuo_nb.pages.rows import SentRow, Worded
from hailuo_nb.pages.summary_rows import Cost, Figure, Pool, SummaryRow
from hailuo_nb.widgets.camera_notes import CameraNotes, FindingInfo
from hailuo_nb.widgets.draft_plan import CostInfo, LimitInfo, PlanInfo, RestInfo, Spent, Sum
from hailuo_nb.widgets.problem_list import ProblemInfo, ProblemText
from hailuo_nb.widgets.studio_catalogue import (
    ModelInfo,
    OptionInfo,
    ProviderInfo,
    ReferenceCounts,
)
from hailuo_nb.widgets.support import CellSupport, SupportInfo

TYPES = Path(__file__).parents[1] / "hailuo_nb" / "widgets" / "js" / "types.js"
BEGIN = "// Written by .ci/js_types.py from the rows and what the studio sends:"
END = "// End of what is written by .ci/js_types.py."
PLAIN = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    NoneType: "null",
    Any: "any",
}
NAMES = {
    Worded: "Worded",
    SentRow: "Row",
    Figure: "Figure",
    Cost: "SummaryCost",
    Pool: "Pool",
    SummaryRow: "SummaryRow",
    ProblemInfo: "Problem",
    ProblemText: "ProblemText",
    SupportInfo: "Support",
    CellSupport: "CellSupport",
    PlanInfo: "Plan",
    RestInfo: "Rest",
    CostInfo: "Cost",
    Sum: "Sum",
    Spent: "Spent",
    LimitInfo: "Limit",
    ProviderInfo: "CatalogueEntry",
    ModelInfo: "CatalogueModel",
    OptionInfo: "CatalogueOption",
    ReferenceCounts: "ReferenceCounts",
    CameraNotes: "CameraNotes",
    FindingInfo: "Finding",
}
"""The name of a TypedDict or dataclass in JavaScript. One that is nested in another stands here
too."""


def js_type(hint: Any) -> str:
    """A Python type as a JSDoc type. Raises KeyError for one that JSON has not."""
    origin, parts = get_origin(hint), get_args(hint)
    if is_typeddict(hint) or is_dataclass(hint):
        return NAMES[hint]
    if origin is UnionType:
        return " | ".join(dict.fromkeys(js_type(part) for part in parts))
    if origin is Literal:
        return " | ".join(f'"{part}"' for part in parts)
    if origin in {list, tuple}:
        item = js_type(parts[0])
        return f"({item})[]" if " | " in item else f"{item}[]"
    if origin is dict:
        return f"Record<string, {js_type(parts[1])}>"
    return PLAIN[hint]


def typedef(row: type) -> str:
    """The JSDoc comment of a TypedDict; the text of an `Annotated` is its comment."""
    # As Python 3.13 keeps a docstring; an older one keeps its indentation too.
    about = [f" * {line}".rstrip() for line in cleandoc(row.__doc__ or "").splitlines()]
    lines = [*about, f" * @typedef {{object}} {NAMES[row]}"]
    for name, hint in get_type_hints(row, include_extras=True).items():
        kind, *notes = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        line = "  ".join([f" * @property {{{js_type(kind)}}} {name}", *notes])
        lines += wrap(line, 100, subsequent_indent=" *   ")
    return "\n".join(["/**", *lines, " */"])


def written(text: str) -> str:
    """The file with its part that is written here as it should be."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    types = "\n\n".join(typedef(row) for row in NAMES)
    return f"{before}{BEGIN}\n\n{types}\n\n{END}{after}"


def main(arguments: list[str]) -> int:
    text = TYPES.read_text(encoding="utf-8")
    wanted = written(text)
    if arguments == ["--check"]:
        if text == wanted:
            return 0
        print(f"{TYPES.name} is not as Python has it: run python .ci/js_types.py", file=sys.stderr)
        return 1
    TYPES.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
