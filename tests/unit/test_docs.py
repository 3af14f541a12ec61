"""The documentation: links that lead somewhere, every public name, settings, Chinese pages that
show the same code. `make docs` builds it; tests/docs runs its code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hailuo_nb as hn
from tests.docs.pages import DOCS, ROOT, blocks, cells, module, pages, shown

WRITTEN = [
    *pages(),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", ".github/SECURITY.md")),
]
_FENCE = re.compile(r"^(`{3,}|:{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!\\)\[[^\]]*\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)")


def prose(path: Path) -> str:
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """Of headings, as the site and code hosts make them, and those that are named."""
    text = prose(path)
    headings = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_a_page_and_a_heading(path: Path) -> None:
    """As files of the repository, so that a code host follows them too."""
    for link, anchor in _LINK.findall(re.sub(r"`[^`\n]*`", "", prose(path))):
        target = (path.parent / link).resolve() if link else path
        assert target.exists(), f"{link} is not there"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{link}#{anchor} is no heading"


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 150
    assert (ROOT / "notebooks" / "images" / "studio.webp").stat().st_size < 3_000_000


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(DOCS).as_posix())
def test_code_fits_the_width_of_a_page(path: Path) -> None:
    lines = "\n".join([*cells(path), *shown(path)]).splitlines()
    assert [line for line in lines if len(line) > 88] == []


def test_every_page_is_in_a_table_of_contents() -> None:
    listed = set()
    for page in pages():
        for toc in re.findall(r"```\{toctree\}(.*?)```", page.read_text(encoding="utf-8"), re.S):
            for entry in toc.split("\n"):
                name = re.sub(r".*<(.+)>", r"\1", entry.strip())
                listed.add((page.parent / f"{name}.md").resolve())
    assert {page for page in pages() if page not in listed} == {DOCS / "index.md"}


def test_the_reference_has_every_public_name() -> None:
    text = "\n".join(page.read_text("utf-8") for page in (DOCS / "reference").glob("*.md"))
    found = re.findall(r":: hailuo_nb\.(\w+)(?:\n|$)", text)
    described = set(found)
    assert len(found) == len(described), "described once"
    errors = {name for name in hn.__all__ if name.endswith("Error")}  # made from the code: all
    assert "_made/errors.rst" in text
    assert set(hn.__all__) - errors - described == set()
    assert described <= set(hn.__all__), "what is gone is still described"


def test_the_reference_has_every_setting() -> None:
    sources = (path.read_text("utf-8") for path in (ROOT / "hailuo_nb").rglob("*.py"))
    read = {name for text in sources for name in re.findall(r"HAILUO_NB_[A-Z_]+", text)}
    text = (DOCS / "reference" / "settings.md").read_text("utf-8")
    assert set(re.findall(r"HAILUO_NB_[A-Z_]+", text)) == read


def test_the_price_file_of_the_page_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hailuo_nb.catalog import prices

    (example,) = blocks(DOCS / "reference" / "settings.md", "", "json")
    (tmp_path / "prices.json").write_text(example, encoding="utf-8")
    monkeypatch.setenv(prices.PRICES_VARIABLE, str(tmp_path / "prices.json"))
    request = hn.VideoRequest(prompt="A cat", model="MiniMax-Hailuo-02", resolution="768P")
    wanted = [request, request.but(resolution="1080P")]
    assert [prices.estimate(one, "ppinfra").text for one in wanted] == ["¥1.80", "¥3.60"]


def test_every_arrow_between_states_is_drawn() -> None:
    from hailuo_nb.engine.states import TRANSITIONS

    drawing = module("docs/state_drawing.py").draw()
    drawn = set()
    for before, then, events in re.findall(r'data-edge="(\w+) (\w+) ([\w ]+)"', drawing):
        drawn |= {(before, event, then) for event in events.split()}
    for then, event, befores in re.findall(r'data-back="(\w+) (\w+) ([\w ]+)"', drawing):
        drawn |= {(before, event, then) for before in befores.split()}
    for events, name in re.findall(r'data-stays="([\w ]+)".*?>(\w+)</text>', drawing):
        drawn |= {(name, event, name) for event in events.split()}
    assert drawn == {(before, event, then) for (before, event), then in TRANSITIONS.items()}


CHINESE = sorted((DOCS / "zh").rglob("*.md"))


@pytest.mark.parametrize("path", CHINESE, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_a_chinese_page_shows_the_code_of_the_english_one(path: Path) -> None:
    english = DOCS / path.relative_to(DOCS / "zh")
    assert cells(path) == cells(english)
    levels = [re.findall(r"^#+ ", prose(page), re.MULTILINE) for page in (path, english)]
    assert levels[0] == levels[1], "the same sections"


def test_a_docstring_becomes_paragraphs_and_definitions() -> None:
    converted = module("docs/_ext/plain_docstrings.py").converted
    text = [
        "One `clip` a_ *row*, `x`s and `y` and `z`.",
        "",
        "take     number,",
        "         from 1",
        "Raises X.",
    ]
    assert converted([*text, "", "    hn.Studio()"]) == [
        *("One ``clip`` a\\_ \\*row\\*, ``x``\\ s and ``y`` and ``z``.", ""),
        *("``take``", "   number, from 1", ""),
        *("Raises X.", ""),
        *("::", "", "    hn.Studio()", ""),
    ]
