"""The report of `hn.doctor()` as a notebook shows it: its button copies the text, by itself or with
the reader's help."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hailuo_nb.doctor import page as doctor_page
from hailuo_nb.doctor.report import Check, Report, Section
from tests.browser.lab import shot

PROMPT = "A cat & a <dog> over $5 of grass"
REPORT = Report.of(
    [
        Section("Installation", (Check("hailuo_nb", "0.1.0"), Check("free", "70.1 GB", "ok"))),
        Section("Ledger", (Check("one", PROMPT, advice="Look.", warnings=("One clip waits.",)),)),
    ]
)


@pytest.mark.parametrize("clipboard", [True, False], ids=["by the clipboard", "by selection"])
def test_the_button_copies_the_text(offline_page: Page, tmp_path: Path, clipboard: bool) -> None:
    html = doctor_page.render(REPORT)
    file = tmp_path / "report.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><title>Report</title>{html}", "utf-8")
    page = offline_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not clipboard:  # as on a server that is reached by plain http
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(file.as_uri())
    page.get_by_role("button", name="Copy as text").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    area = "document.body.appendChild(document.createElement('textarea'))"
    page.evaluate(f"() => {area}.focus()")
    page.keyboard.press("Control+v")
    expect(page.locator("textarea")).to_have_js_property("value", REPORT.text)
    shot(page, "doctor")
