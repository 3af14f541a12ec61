"""The studio's preview of the moves: off the caller's thread, the newest wins, every request is
answered once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from hailuo_nb.errors import PreviewError
from hailuo_nb.requests.frame import Frame
from hailuo_nb.widgets.moves_preview import MovesPreview, PreviewRequest, Stop, draw_preview
from hailuo_nb.widgets.wire import Reply
from tests.fresh_python import modules_after

PATIENCE = 60


class Page:
    """Takes the answers, and waits for them."""

    def __init__(self) -> None:
        self.answers: dict[int, list[tuple[dict[str, Any], list[bytes]]]] = {}
        self._came = threading.Condition()

    def send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        with self._came:
            self.answers.setdefault(content["id"], []).append((content, buffers or []))
            self._came.notify_all()

    def reply(self, number: int) -> Reply:
        return Reply(self, number)

    def wait(self, *numbers: int) -> None:
        with self._came:
            assert self._came.wait_for(lambda: set(numbers) <= set(self.answers), PATIENCE)


def wish(prompt: str) -> PreviewRequest:
    return PreviewRequest(prompt, 6, None)


class Slow:
    """Draws a wish only when it may, or gives it up when it should."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.threads: set[str] = set()
        self.may, self.has_begun = threading.Event(), threading.Event()

    def __call__(self, wanted: PreviewRequest, stop: Stop) -> bytes:
        self.begun.append(wanted.prompt)
        self.threads.add(threading.current_thread().name)
        self.has_begun.set()
        while not self.may.wait(0.005):
            if stop():
                raise PreviewError("the preview was stopped")
        return wanted.prompt.encode()


def test_the_newest_wins_and_every_request_is_answered_once() -> None:
    page, draw = Page(), Slow()
    preview = MovesPreview(draw)
    preview.request(page.reply(1), wish("one"))
    assert draw.has_begun.wait(PATIENCE)
    preview.request(page.reply(2), wish("two"))
    preview.request(page.reply(3), wish("three"))
    preview.request(page.reply(4), wish("three"))
    # Those before it are answered at once; the one that was being drawn gives up by itself.
    assert [page.answers[number][0][0]["kind"] for number in (1, 2)] == ["ok", "ok"]
    draw.may.set()
    page.wait(3, 4)
    for number in (3, 4):
        content, buffers = page.answers[number][0]
        assert (content["kind"], content["size"], buffers) == ("chunk", 5, [b"three"])
    assert [len(page.answers[number]) for number in (1, 2, 3, 4)] == [1, 1, 1, 1]
    assert draw.begun[0] == "one"
    assert draw.begun[-1] == "three"
    assert draw.begun.count("three") == 1
    assert threading.current_thread().name not in draw.threads


def test_what_was_drawn_last_is_not_drawn_again() -> None:
    page, draw = Page(), Slow()
    draw.may.set()
    preview = MovesPreview(draw)
    for number, prompt in enumerate(("one", "one", "two", "one"), 1):
        preview.request(page.reply(number), wish(prompt))
        page.wait(number)
    assert draw.begun == ["one", "two", "one"]
    assert [page.answers[number][0][1] for number in (1, 2, 3, 4)] == [
        [b"one"],
        [b"one"],
        [b"two"],
        [b"one"],
    ]


def test_its_thread_ends_without_a_request() -> None:
    page, draw = Page(), Slow()
    draw.may.set()
    MovesPreview(draw).request(page.reply(1), wish("one"))
    page.wait(1)
    for thread in threading.enumerate():
        if thread.name == "hailuo_nb-moves-preview":
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (PreviewError("needs PyAV"), "needs PyAV"),
        (MemoryError("none left"), "MemoryError: none left"),
    ],
)
def test_an_error_is_answered_in_words(fault: Exception, text: str) -> None:
    def draw(_wish: PreviewRequest, _stop: Stop) -> bytes:
        raise fault

    page = Page()
    preview = MovesPreview(draw)
    preview.request(page.reply(1), wish("one"))
    page.wait(1)
    assert page.answers[1][0][0] == {"id": 1, "kind": "error", "error": text}


def test_a_real_one_is_a_clip_and_a_link_is_not_fetched() -> None:
    made = draw_preview(
        PreviewRequest("a cat [Push in]", 0.25, Frame.of("https://example.invalid/cat.png")),
        lambda: False,
    )
    assert made[4:8] == b"ftyp"


def test_nothing_is_loaded_before_a_request() -> None:
    code = "import hailuo_nb.widgets.moves_preview as m; m.MovesPreview()"
    assert not modules_after(code) & {"av", "cv2", "numpy", "hailuo_nb.simulator"}
