"""The magics up to the point where something would be sent: options, completion, help, and mistakes
told in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

import hailuo_nb as hn
from hailuo_nb import api
from hailuo_nb.engine import session
from hailuo_nb.widgets import magics


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> InteractiveShell:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        shell = InteractiveShell()
    shell.Completer.use_jedi = (
        False  # it looks into every package, and none of these lines is Python
    )
    return shell


@pytest.fixture
def shell(
    bare: InteractiveShell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[InteractiveShell]:
    monkeypatch.setenv("HAILUO_NB_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def refuse() -> Any:
        raise AssertionError("nothing may be sent here")

    monkeypatch.setattr(session, "runner", refuse)
    hn.load_ipython_extension(bare)
    yield bare
    hn.unload_ipython_extension(bare)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What the magic calls hn.compare with."""
    found: list[tuple[str, dict[str, Any]]] = []

    def compare(prompt: str, **given: Any) -> hn.Comparison:
        found.append((prompt, given))
        return hn.Comparison(title="made")

    monkeypatch.setattr(api, "compare", compare)
    return found


def tab(shell: InteractiveShell, line: str) -> list[str]:
    return list(shell.complete("", line, len(line))[1])


def cell(shell: InteractiveShell, line: str, body: str = "A cat\n") -> Any:
    return shell.run_cell_magic("hailuo", line, body)


def test_the_cell_is_the_prompt_and_the_options_are_the_arguments(
    shell: InteractiveShell, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    board = cell(
        shell,
        "--provider modelverse --provider simulated:ppinfra/02 --resolution 1080p --duration 10 "
        "--model 2.3 --takes 2 "
        "--skip-invalid --max-cost 5.5 --max-clips 3 --take 4 --first-frame 'my cat.png' "
        "--last-frame C:\\b.png --wait",
        "\n  A cat runs\n  on grass [Push in]\n\n",
    )
    assert board.title == "made"
    assert calls == [
        (
            "A cat runs\n  on grass [Push in]",
            {
                "provider": ["modelverse", "simulated:ppinfra/02"],
                "resolution": "1080P",
                "duration": 10,
                "model": "2.3",
                "takes": 2,
                "skip_invalid": True,
                "max_cost": 5.5,
                "max_clips": 3,
                "take": 4,
                "first_frame": "my cat.png",
                "last_frame": "C:\\b.png",
            },
        )
    ]


def test_ratio_sound_and_references(
    shell: InteractiveShell, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    line = "--provider minimax --ratio 16:9 --sound on --reference a.png --reference b.mp4"
    cell(shell, line)
    ((_, given),) = calls
    assert (given["ratio"], given["sound"]) == ("16:9", True)
    assert given["references"] == ["a.png", "b.mp4"]
    assert "21:9" in tab(shell, "%%hailuo --ratio ")


def test_what_is_not_given_is_left_to_compare(
    shell: InteractiveShell, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    board = cell(shell, "--provider modelverse --out mine")
    assert calls == [("A cat", {"provider": ["modelverse"], "skip_invalid": False})]
    assert shell.user_ns["mine"] is board


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ("", "at least one --provider: ppinfra"),
        ("--providr x", "did you mean --provider?"),
        ("--provider", "expected one argument"),
        ("--provider modelverse extra", "unrecognized arguments: extra"),
        ("--provider modelverse --duration six", "invalid int value: 'six'"),
        ("--provider modelverse --resolution 4K", "'4K' is not one of 512P"),
        ("--provider nobody", "'nobody' is no provider"),
        ("--provider modelverse", "MODELVERSE_API_KEY"),
        ("--provider simulated:ppinfra --takes 0", "takes is 0"),
        ("--provider simulated:ppinfra --first-frame none.png", "no such file"),
        ("--provider simulated:ppinfra --resolution 1080P --duration 10", "not for 10 s"),
        ("--provider simulated:ppinfra --out 3x", "no name of a variable"),
        ("--provider 'simulated:ppinfra", "never closed"),
    ],
)
def test_mistakes_are_told_in_words(
    shell: InteractiveShell, line: str, match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MODELVERSE_API_KEY", raising=False)
    with pytest.raises(UsageError, match=match) as caught:
        cell(shell, line)
    assert type(caught.value) is UsageError, "IPython shows no traceback for this class alone"


def test_an_empty_prompt_is_told(shell: InteractiveShell) -> None:
    with pytest.raises(UsageError, match="it is empty"):
        cell(shell, "--provider simulated:ppinfra", "   \n")
    with pytest.raises(UsageError, match="two %"):
        shell.run_line_magic("hailuo", "--provider simulated:ppinfra")


@pytest.mark.parametrize("magic", ["hailuo", "hailuo_resume", "hailuo_history"])
def test_help_lists_the_options_and_does_nothing(
    shell: InteractiveShell, magic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.run_line_magic(magic, "--help") is None
    said = capsys.readouterr().out
    assert f"%{magic}" in said
    assert "--help" in said
    function = shell.find_line_magic(magic)
    assert function is not None
    assert "--help" in str(function.__doc__), "for %%hailuo?"
    if magic == "hailuo":
        assert all(option.name in said for option in magics._GENERATE)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("%%hailuo --prov", ["--provider"]),
        ("%%hailuo --provider mod", ["modelverse"]),
        ("%%hailuo --provider simulated:mo", ["simulated:modelverse"]),
        ("%%hailuo --provider=simulated:x", ["simulated:xcompute"]),
        (
            "%%hailuo --provider xcompute/",
            [
                f"xcompute/{model}"
                for model in hn.matrix().query("provider == 'xcompute'")["model"].unique()
            ],
        ),
        ("%%hailuo --resolution ", hn.matrix()["resolution"].unique()),
        ("%%hailuo --duration ", map(str, hn.matrix()["duration"].unique())),
        ("%%hailuo --first-frame pictures/", ["pictures/a.png", "pictures/more/"]),
        ("%%hailuo --first-frame pictures/a", ["pictures/a.png"]),
        ("%hailuo_history --state sav", ["saved"]),
        ("%hailuo_history --l", ["--last"]),
        ("%hailuo --h", ["--help"]),
    ],
)
def test_tab_completes_options_and_their_values(
    shell: InteractiveShell, line: str, offered: Iterable[str], tmp_path: Path
) -> None:
    (tmp_path / "pictures" / "more").mkdir(parents=True)
    for name in ("a.png", "b.txt", ".hidden.png"):
        (tmp_path / "pictures" / name).touch()
    assert sorted(tab(shell, line)) == sorted(offered)


def test_tab_replaces_the_whole_word_in_the_newer_interface(shell: InteractiveShell) -> None:
    text = "%%hailuo --provider simulated:mod\nA cat"
    cursor = text.index("\n")
    with provisionalcompleter():
        (found,) = shell.Completer.completions(text, cursor)
    assert (found.text, found.start, found.end) == (
        "simulated:modelverse",
        text.index("simulated"),
        cursor,
    )


def test_only_what_the_chosen_providers_sell_is_offered(shell: InteractiveShell) -> None:
    sold = set(hn.matrix().query("provider == 'chanjing'")["model"])
    assert set(tab(shell, "%%hailuo --provider chanjing --model ")) == sold
    assert set(tab(shell, "%%hailuo --model ")) > sold


def test_an_option_that_stands_there_is_not_offered_again(shell: InteractiveShell) -> None:
    found = tab(shell, "%%hailuo --wait --provider modelverse --")
    assert "--wait" not in found
    assert "--provider" in found


def test_elsewhere_tab_is_left_alone(shell: InteractiveShell) -> None:
    assert tab(shell, "%%hail") == ["%%hailuo"]
    assert "%%time" in tab(shell, "%%tim")
    assert "print" in tab(shell, "prin")
    assert "--provider" not in tab(shell, "hailuo --pro")


def test_the_history_is_cut_as_asked(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pd.DataFrame({"id": list("abcd"), "state": ["saved", "failed", "saved", "saved"]})
    monkeypatch.setattr(magics, "history", lambda: table)
    run = shell.run_line_magic
    assert run("hailuo_history", "")["id"].tolist() == list("abcd")
    assert run("hailuo_history", "--last 2")["id"].tolist() == list("cd")
    assert run("hailuo_history", "--state saved --last 2")["id"].tolist() == list("cd")
    assert run("hailuo_history", "--state failed")["id"].tolist() == ["b"]
    assert run("hailuo_history", "--last 0")["id"].tolist() == []
    with pytest.raises(UsageError, match="invalid choice: 'flying'"):
        run("hailuo_history", "--state flying")


def test_resume_is_hn_resume(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    board = hn.Comparison(title="open")
    monkeypatch.setattr(api, "resume", lambda: board)
    assert shell.run_line_magic("hailuo_resume", "") is board


def test_loading_twice_and_unloading(shell: InteractiveShell) -> None:
    hn.load_ipython_extension(shell)
    assert shell.Completer.custom_matchers.count(magics.complete) == 1
    hn.unload_ipython_extension(shell)
    assert shell.find_cell_magic("hailuo") is None
    assert shell.find_line_magic("hailuo_history") is None
    assert magics.complete not in shell.Completer.custom_matchers
    hn.unload_ipython_extension(shell)
