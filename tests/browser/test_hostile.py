"""Text that attacks, in a real JupyterLab and in the page on disk: it is shown as text, and nothing
of it runs.

The same payloads stand in the prompt, in what the provider says and in the name of a frame's file.
A script that ran would set `window.hacked`; an element that was made would ask for `hn-hostile`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, Request, expect

from tests.browser.desk import Desk
from tests.browser.lab import Notebook
from tests.unit.pictures import encoded, picture

PAYLOADS = [
    "<img src=hn-hostile onerror=window.hacked=1>",
    "</script><script>window.hacked=2</script>",
    '"><svg onload=window.hacked=3>',
    "' onmouseover='window.hacked=4' x='",
    "</textarea></p></td></style><iframe src=javascript:window.hacked=5></iframe>",
    "[click](javascript:window.hacked=6) <a href=javascript:window.hacked=7>click</a>",
    "${window.hacked=8} {{constructor.constructor('window.hacked=9')()}} "
    "$$\\href{javascript:window.hacked=10}{x}$$",
    "&lt;b&gt; &#60;img src=hn-hostile&#62;",
]
UNSEEN = "\x1b[31mred\x1b[0m \u202egnp.tac\u202c zero\u200bwidth \x00nul"
ATTACK = " ".join(PAYLOADS)

SETUP = f"""
import httpx2, json
import hailuo_nb as hn
from hailuo_nb.engine import transport_pool
ATTACK, UNSEEN = {ATTACK!r}, {UNSEEN!r}
SAID = ATTACK + UNSEEN + "long " * 20_000
def answer(request):
    said = {{"message": SAID, "code": ATTACK, "type": ATTACK, "param": ATTACK}}
    return httpx2.Response(400, json={{"error": said, "message": SAID, "reason": ATTACK, "msg": SAID}})
transport_pool.simulator_transport = lambda home: httpx2.MockTransport(answer)
"""
TWO = '["simulated:modelverse", "simulated:xcompute"]'

HARM = """() => [
  window.hacked,
  document.querySelectorAll('[onerror], [onload], [onmouseover], [src*="hn-hostile"], [href^="javascript"]').length,
  document.querySelectorAll('iframe[src^="javascript"]').length,
]"""


@pytest.fixture
def unharmed(desk: Desk) -> Iterator[Callable[[], None]]:
    """A check that nothing ran; asked again at the end, when what was slow has had its time."""
    page = desk.page
    asked: list[str] = []
    dialogs: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    def check() -> None:
        assert page.evaluate(HARM) == [None, 0, 0]
        assert [url for url in asked if "hn-hostile" in url] == []
        assert dialogs == []

    page.on("request", note)
    page.on("dialog", dismiss)
    yield check
    check()
    page.remove_listener("request", note)
    page.remove_listener("dialog", dismiss)


def test_the_check_sees_harm(new_context: Callable[..., Any]) -> None:
    """Put into a page as markup, each kind of payload does run: else the tests below would prove
    nothing."""
    for payload in PAYLOADS[:6]:
        page = new_context().new_page()
        page.set_content(f"<p title=\"x\">{payload}</p><p title='{payload}'>hover</p>")
        page.mouse.move(20, 20)
        page.wait_for_function(f"() => ({HARM})().some(Boolean)")
        page.close()


def test_hostile_text_in_the_studio_and_its_board(
    open_fresh: Callable[..., Notebook], unharmed: Callable[[], None]
) -> None:
    notebook = open_fresh([SETUP, f"studio = hn.Studio(ATTACK + UNSEEN, provider={TWO})\nstudio"])
    notebook.run_cell(0)
    notebook.run_cell(1)
    studio = notebook.output(1)
    prompt = studio.get_by_role("textbox").first
    expect(prompt).to_have_value(ATTACK + UNSEEN)
    unharmed()

    name = '"><img src=hn-hostile onerror=window.hacked=11>\u202e.png'
    good = {"name": name, "mimeType": "image/png", "buffer": encoded(picture(640, 480))}
    studio.locator("input[type=file]").first.set_input_files(good)  # type: ignore[arg-type]
    expect(studio.locator(".hn-frame-facts").first).to_contain_text("<img src=hn-hostile")
    unharmed()

    broken = {"name": name, "mimeType": "image/png", "buffer": b"<svg onload=window.hacked=12>"}
    studio.locator("input[type=file]").last.set_input_files(broken)  # type: ignore[arg-type]
    expect(studio.locator(".hn-field-error", has_text="<img src=hn-hostile")).to_be_visible()
    unharmed()

    notebook.kexec("studio._generate(studio.editor.draft())")
    cards = studio.locator(".hn-card")
    expect(cards).to_have_count(2)
    for card in (cards.first, cards.last):
        expect(card).to_contain_text(PAYLOADS[0])
        expect(card).to_contain_text(PAYLOADS[4])
        expect(card).to_contain_text("\\x1b[31mred")
        expect(card).to_contain_text("\\u202egnp.tac")
    said = cards.first.inner_text()
    assert 2000 < len(said) < 4000, "100 kB of a provider's words are cut with a mark"
    assert "…" in said
    cards.first.hover()
    unharmed()

    notebook.kexec("studio.editor.prompt = ATTACK * 200")
    expect(prompt).to_have_value(ATTACK * 200)
    unharmed()


def test_hostile_text_in_tables_and_plain_text(
    open_fresh: Callable[..., Notebook], unharmed: Callable[[], None]
) -> None:
    notebook = open_fresh(
        [
            SETUP
            + f"board = hn.compare([ATTACK + UNSEEN, ATTACK], provider={TWO})\nboard.wait()\nboard",
            "from IPython.display import HTML\nhn.compare(ATTACK + UNSEEN, "
            "provider='simulated:ppinfra').wait()",
            "board.to_frame()",
            "print(repr(board))",
            "board[0]",
            "hn.history()",
            "hn.dry_run([ATTACK], provider='simulated:ppinfra', first_frame='https://x.example/' + "
            "'a.png')",
            "HTML(getattr(board[0], '_repr_html_', lambda: '')())",
            "hn.generate('A cat', provider=ATTACK)",
        ]
    )
    for index in range(8):
        notebook.run_cell(index)
        unharmed()
    with pytest.raises(AssertionError, match="UnknownNameError"):
        notebook.run_cell(8)
    cards = notebook.output(0).locator(".hn-card")
    expect(cards).to_have_count(4)
    for card in cards.all():
        card.evaluate("card => card.scrollIntoView()")  # far from the window it is a name
        expect(card).to_contain_text(PAYLOADS[1])
    expect(notebook.output(1)).to_contain_text(PAYLOADS[0])
    for index in (2, 5):
        expect(notebook.output(index).locator("table")).to_contain_text("<img src=hn-hostile")
    # The table for notebooks without widgets: a prompt between dollar signs is no formula.
    for index in (4, 7):
        table = notebook.output(index).locator("table")
        expect(table).to_contain_text(PAYLOADS[6])
        expect(table.locator("mjx-container")).to_have_count(0)
    plain = notebook.text(3)
    assert PAYLOADS[0] in plain
    assert "\\x1b[31mred" in plain
    assert not set("\x1b\x00\u202e\u200b") & set(plain)
    notebook.save()
    notebook.page.reload()
    notebook.wait_ready()
    expect(notebook.output(2).locator("table")).to_contain_text("<img src=hn-hostile")


def test_hostile_text_in_the_page_on_disk(
    open_fresh: Callable[..., Notebook],
    offline_page: Page,
    new_context: Callable[..., Any],
    tmp_path: Path,
) -> None:
    target = tmp_path / "page.html"
    notebook = open_fresh(
        [
            SETUP + f"board = hn.compare([ATTACK + UNSEEN, ATTACK], provider={TWO})\n"
            f"board.wait().to_html({str(target)!r})\n"
            "hn.compare(ATTACK + UNSEEN, "
            f"provider='simulated:ppinfra').wait().to_html({str(target) + '.one.html'!r})"
        ]
    )
    notebook.run_cell(0)
    page = offline_page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    still = new_context(offline=True, java_script_enabled=False).new_page()
    for path in (target, Path(f"{target}.one.html")):
        still.goto(path.as_uri())
        for payload in PAYLOADS:
            assert " ".join(payload.split()) in " ".join(
                still.locator("body").inner_text().split()
            ), payload
        page.goto(path.as_uri())
        page.locator(".hn-board").wait_for()
        shown = page.locator("body").inner_text()
        for payload in PAYLOADS:
            assert " ".join(payload.split()) in " ".join(shown.split()), payload
        assert "\\x1b[31mred\\x1b[0m \\u202egnp.tac\\u202c zero\\u200bwidth \\x00nul" in shown
        assert page.evaluate(HARM) == [None, 0, 0]
        assert page.locator("iframe, a, form, object, embed").count() == 0
        assert page.locator("script").count() == 2, "the board and its data"
    assert {url.split("/")[-1] for url in asked} == {"page.html", "page.html.one.html"}
