"""The forms of the report of `hn.doctor()`: text, HTML table and Markdown, safe to paste."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hailuo_nb as hn
from hailuo_nb.doctor import page
from hailuo_nb.doctor.report import Check, Report, Section, without_home
from hailuo_nb.engine.ledger.jobs import NewJob
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from tests.engine.test_doctor import home, told  # noqa: F401 - a fixture


def test_a_report_has_no_query_of_a_link(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = SqliteLedger(home / "ledger.sqlite")
    new = NewJob("i", "xcompute", "https://x", "M", "A cat", "768P", 6, "{}", None, "")
    row, _ = ledger.get_or_create(new).result()
    ledger.move(row.id, "claimed").result()
    ledger.move(
        row.id, "unclear", error="not https: http://store.example/a.mp4?sign=marked. So it is."
    ).result()
    ledger.close()
    text = told(capsys)[1]
    assert "http://store.example/a.mp4?•••" in text
    assert "marked" not in text


NASTY = "<img src=x onerror=alert(1)> | `$x$` @somebody #12 \u202e_"


def report_of(*checks: Check) -> Report:
    return Report.of([Section("Ledger", checks)])


def test_a_notebook_shows_a_table_and_a_terminal_the_text(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys)[0]._repr_mimebundle_() == {
        "text/plain": "<Report: 0 warnings; .text holds all of it>"
    }
    monkeypatch.setattr("hailuo_nb.pages.progress.in_kernel", lambda: True)
    report = hn.doctor()
    assert capsys.readouterr().out == "", "its value is what is shown"
    bundle = report._repr_mimebundle_()
    assert bundle["text/plain"] == report.text
    assert bundle["text/html"].count("<tbody>") == len(report.sections) == 5
    assert "Nothing here asks for attention." in bundle["text/html"]


def test_what_asks_for_attention_is_said_in_words_and_comes_first() -> None:
    report = report_of(
        Check("integrity check", "ok", "ok"),
        Check("file system", "nfs4", "ok", warnings=("Its locks may fail.",)),
        Check("free", "2 GB"),
    )
    assert report.warnings == ("Its locks may fail.",)
    html = page.render(report)
    assert "1 thing asks for attention" in html
    cells = re.sub("<[^>]+>+", " ", html[html.index("Ledger") : html.index("As text")]).split()
    assert " ".join(cells) == "Ledger integrity check OK ok file system Attention nfs4 free 2 GB"
    assert html.index("Its locks may fail.") < html.index("<table")
    assert report.to_markdown() == (
        "- **Attention:** Its locks may fail.\n\n| Ledger | | |\n| --- | --- | --- |\n"
        "| integrity check | OK | ok |\n| file system | Attention | nfs4 |\n| free |  | 2 GB |\n"
    )


def test_text_of_others_is_text_in_each_form() -> None:
    report = report_of(Check("x", NASTY, advice=NASTY, warnings=(NASTY,)))
    html = page.render(report)
    assert "<img" not in html
    assert "\\u202e" in html
    line = report.to_markdown().splitlines()[-1]
    assert line.count("|") - line.count("\\|") == 4, "three cells"
    for markup in ("<img", " @", " #", " `", " $x$ _"):
        assert markup not in line


def test_no_path_of_a_home_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = home.parent / "ada"
    monkeypatch.setenv("HOME", str(ada))
    monkeypatch.setenv("HAILUO_NB_HOME", str(ada / "work" / "runs"))
    monkeypatch.setenv("SSL_CERT_FILE", str(ada / "ca.pem"))
    report, text = told(capsys)
    assert "  ~/work/runs/ledger.sqlite\n" in text
    assert report.warnings == (
        "SSL_CERT_FILE names ~/ca.pem, which cannot be read: nothing can be sent.",
    )
    assert str(ada) not in text + page.render(report) + report.to_markdown()
    assert without_home(f"{ada} {ada}/x {ada}bc {ada}.old") == f"~ ~/x {ada}bc {ada}.old"
    monkeypatch.setenv("HOME", "/")
    assert without_home("/etc/x") == "/etc/x"
