"""A studio and its board for those who program: traits, callbacks, clips that come back, paid once."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import ipywidgets
import pytest
import traitlets

import hailuo_nb as hn
from hailuo_nb.errors import UnknownNameError
from tests.engine.test_public_functions import END, PROMPT, SIMULATED, Stand, stand  # noqa: F401 - a fixture
from tests.unit.widget_wire import Wire

TARGET = "simulated:ppinfra/MiniMax-Hailuo-02"


def until(condition: Callable[[], Any]) -> Any:
    end = time.monotonic() + END
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    assert found
    return found


def asked(studio: hn.Studio) -> dict[str, Any]:
    editor = studio.editor
    names = ("prompt", "targets", "resolution", "duration", "options", "takes")
    return {"kind": "generate", "draft": {name: getattr(editor, name) for name in names}}


def test_what_is_in_the_editor_is_read_set_observed_and_linked(stand: Stand) -> None:
    studio = hn.Studio(PROMPT, provider=SIMULATED[:1])
    assert (studio.prompt, studio.resolution, studio.duration) == (PROMPT, "768P", 6)
    heard: list[Any] = []
    studio.observe(lambda change: heard.append(change["new"]), "prompt")
    studio.editor.set_state({"prompt": "A dog"})  # typed in the page
    assert (studio.prompt, heard) == ("A dog", ["A dog"])
    text = ipywidgets.Text()
    traitlets.link((text, "value"), (studio, "prompt"))
    text.value = "A fox"
    assert (studio.prompt, studio.editor.prompt) == ("A fox", "A fox")
    studio.resolution = "1080p"
    studio.takes = 2
    studio.options = {"watermark": True}
    assert (studio.editor.resolution, studio.editor.takes) == ("1080P", 2)
    assert studio.editor.options["watermark"] is True
    studio.providers = ["simulated:modelverse", TARGET]
    assert studio.editor.targets == studio.providers
    assert [name.partition("/")[0] for name in studio.providers] == [
        "simulated:modelverse",
        "simulated:ppinfra",
    ]
    assert (studio.ask_above, studio.editor.ask_above) == (10, 10)
    studio.editor.set_state({"ask_above": 3})  # typed in the page
    assert studio.ask_above == 3
    studio.first_frame = "https://example.org/a.png"
    assert studio.editor.first_frame["name"] == "a.png"
    assert studio.first_frame is not None
    studio.first_frame = None
    assert studio.editor.first_frame == {}


@pytest.mark.usefixtures("stand")
def test_what_is_not_there_is_an_error_with_the_nearest_name() -> None:
    studio = hn.Studio(PROMPT, provider=SIMULATED[:1])
    for widget, name, meant in (
        (studio, "promt", "prompt"),
        (studio, "provider", "providers"),
        (studio.editor, "promptt", "prompt"),
        (studio.board, "filters", "filter"),
    ):
        with pytest.raises(AttributeError, match=f"{name!r}; did you mean {meant!r}"):
            setattr(widget, name, "x")
    with pytest.raises(UnknownNameError, match="watermark"):
        studio.options = {"watermrk": True}
    with pytest.raises(UnknownNameError, match="ppinfra"):
        studio.providers = ["pinfra"]
    with pytest.raises(traitlets.TraitError):
        studio.takes = "many"
    with pytest.raises(traitlets.TraitError, match="rating"):
        studio.board.filter = {"ratings": 3}
    with pytest.raises(traitlets.TraitError):
        studio.board.view = "gird"
    assert studio.providers == studio.editor.targets
    studio.layout.width = "50%"  # what every ipywidget has is there


def test_a_click_that_comes_twice_pays_once(stand: Stand) -> None:
    studio = hn.Studio(PROMPT, provider=SIMULATED[:1])
    page = Wire(studio.editor)
    order = {"id": 7, **asked(studio)}
    page.ask(order)
    page.ask({"id": 7, "kind": "withdraw"})
    page.ask({"id": 7, "kind": "go"})
    page.ask(order)  # loaded again
    page.ask(order)
    page.ask({"id": 7, "kind": "go"})
    page.ask({"id": 7, "kind": "go"})
    until(lambda: len(studio.comparison))
    assert page.ask(order) == [{"id": 7, "kind": "ok"}]
    studio.comparison.wait(END)
    assert len(studio.comparison) == 1
    assert len(hn.history()) == 1
    assert sum(stand.charged.values()) == 1


def test_callbacks_run_beside_the_clips_and_their_faults_stop_nothing(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    class Errors:
        def write(self, text: str) -> None:
            written.append(text)

        def flush(self) -> None: ...

    monkeypatch.setattr(sys, "stderr", Errors())
    studio = hn.Studio(PROMPT, provider=SIMULATED[:2])
    made: list[Any] = []
    saved: list[hn.Job] = []
    threads: set[str] = set()

    def fails(_jobs: list[hn.Job]) -> None:
        raise RuntimeError("my own fault")

    def keep(job: hn.Job) -> None:
        threads.add(threading.current_thread().name)
        saved.append(job)

    studio.on_generate(fails)
    studio.on_generate(made.append)
    studio.board.on_saved(keep)
    studio._generate(studio.editor.draft())
    until(lambda: made)
    jobs = made[0]
    studio.comparison.wait(END)
    until(lambda: len(saved) == 2)
    assert {job.id for job in saved} == {job.id for job in jobs}
    assert threads == {"hailuo_nb-callbacks"}
    until(lambda: "my own fault" in "".join(written))
    assert "A callback of on_generate failed" in "".join(written)
    jobs[0].annotate(rating=3)
    votes: list[tuple[str, str, str]] = []
    studio.board.on_vote(
        lambda first, second, outcome: votes.append((first.id, second.id, outcome))
    )
    vote = {"first": jobs[0].id, "second": jobs[1].id, "outcome": "first"}
    studio.board._run_action("vote", vote)
    assert until(lambda: votes) == [(jobs[0].id, jobs[1].id, "first")]
    assert len(saved) == 2, "a rating is no arrival"
    with pytest.raises(hn.ArgumentError, match="on_saved"):
        studio.on_saved("print")  # type: ignore[arg-type] - what a slip gives


@pytest.mark.usefixtures("stand")
def test_clips_that_are_added_reach_the_page_and_a_comparison_has_a_widget() -> None:
    board = hn.compare(PROMPT, provider=SIMULATED[:1]).wait(END)
    widget = board.widget
    assert widget is board.widget
    box = ipywidgets.HBox([widget, ipywidgets.Label("mine")])
    assert box.children[0] is widget
    heard: list[int] = []
    widget.observe(lambda change: heard.append(len(change["new"])), "rows")
    other = hn.generate(PROMPT + " at dawn", provider=SIMULATED[0]).wait(END)
    board.add([other])
    assert [row["id"] for row in widget.rows] == [job.id for job in board]
    assert heard[0] == 2
    widget.add([other])
    assert len(widget.rows) == 2


@pytest.mark.usefixtures("stand")
def test_open_clips_of_the_ledger_come_back_into_a_studio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 1.0)
    made = hn.compare(PROMPT, provider=SIMULATED[:2])
    until(lambda: all(job.state == "submitted" for job in made))
    studio = hn.Studio(PROMPT, provider=SIMULATED[:1])
    assert studio.editor.open_clips == 2
    page = Wire(studio.editor)
    [answer] = page.order({"id": 5, "kind": "resume"})[-1:]
    assert answer["kind"] == "ok"
    assert {job.id for job in studio.comparison} == {job.id for job in made}
    assert studio.editor.open_clips == 0
    assert len(hn.history()) == 2, "nothing was sent"


def test_the_studio_knows_the_version_of_its_prompt_and_shows_its_clips_again(stand: Stand) -> None:
    studio = hn.Studio(PROMPT, provider=SIMULATED[:1])
    assert (studio.editor.version["number"], studio.editor.version["parent"]) == (None, None)
    page = Wire(studio.editor)
    page.order({"id": 1, **asked(studio)})
    until(lambda: studio.editor.version["number"])
    studio.comparison.wait(END)
    studio.prompt = f"{PROMPT} slowly"
    assert studio.editor.version == {
        "prompt": f"{PROMPT} slowly",
        "number": None,
        "parent": {"number": 1, "changes": [("", "slowly")]},
        "baseline": None,
    }
    studio.editor.baseline = 1
    assert studio.editor.version["baseline"] == studio.editor.version["parent"]

    again = hn.Studio(provider=SIMULATED[:1])
    page = Wire(again.editor)
    [entry] = page.ask({"id": 1, "kind": "history"})[0]["entries"]
    assert (entry["version"]["number"], entry["poster"]) == (1, True)
    show = {"id": 2, "kind": "show_clips", "key": entry["key"]}
    assert page.ask(show)[-1]["added"] == 1
    assert [job.id for job in again.comparison.jobs] == [job.id for job in studio.comparison.jobs]
    assert page.ask(show)[-1]["added"] == 0


def test_the_editor_says_how_many_clips_are_being_made(stand: Stand) -> None:
    studio = hn.Studio(PROMPT, provider=SIMULATED[:1], ask_above=1)
    assert (studio.editor.running, studio.ask_above) == (0, 1)
    seen: list[int] = []
    studio.editor.observe(lambda change: seen.append(change["new"]), "running")
    studio.takes = 2
    Wire(studio.editor).order({"id": 1, **asked(studio)})
    until(lambda: studio.editor.running == 2)
    studio.comparison.wait()
    until(lambda: studio.editor.running == 0)
    assert max(seen) == 2
