"""The report of `hn.doctor()` as an HTML table for a notebook.

The styles are in the elements, since an untrusted notebook drops a style sheet. It drops the script
too: then the button is not there, and the text below the table is copied by hand.
"""

from __future__ import annotations

from hailuo_nb.doctor.report import NOTHING, WORDS, Check, Report, Section, Status
from hailuo_nb.pages.markup import escape

_CELL = "text-align:left;vertical-align:top;padding:2px 16px 2px 0;white-space:normal"
_BADGE = "display:inline-block;border-radius:3px;padding:0 6px;font-size:85%;white-space:nowrap"
_COLOURS: dict[Status, str] = {
    "ok": "border:1px solid #3a8f4f",
    "info": "",
    "attention": "border:1px solid #b45309;background:#fde68a;color:#451a03;font-weight:600",
}

_SCRIPT = """
for (const report of document.querySelectorAll(".hn-report:not([data-ready])")) {
  report.dataset.ready = "";
  const [head, details, text] = ["p", "details", "pre"].map((name) => report.querySelector(name));
  const button = document.createElement("button");
  button.textContent = "Copy as text";
  button.style = "font:inherit;color:inherit;background:none;border:1px solid;border-radius:3px;" +
    "padding:1px 10px;margin-left:12px;cursor:pointer";
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      details.open = true;
      getSelection().selectAllChildren(text);
      button.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl+C";
    }
  };
  head.append(button);
}
"""


def render(report: Report) -> str:
    """What asks for attention, the checks by subject, and all of it once more as text."""
    count = len(report.warnings)
    thing = "1 thing asks" if count == 1 else f"{count} things ask"
    head = _badge("attention", f"{thing} for attention") if count else _badge("ok", NOTHING)
    warnings = "".join(f"<li>{escape(line)}</li>" for line in report.warnings)
    return (
        # Between two dollar signs a notebook would set mathematics.
        '<div class="hn-report tex2jax_ignore mathjax_ignore" style="max-width:1100px">'
        f'<p style="margin:4px 0 8px">{head}</p>'
        + (f'<ul style="margin:0 0 8px">{warnings}</ul>' if warnings else "")
        + '<table style="border-collapse:collapse;table-layout:auto;margin:0;width:100%">'
        + "".join(map(_section, report.sections))
        + '</table><details style="margin-top:8px"><summary style="cursor:pointer">As text, for a '
        f'report</summary><pre style="user-select:all">{escape(report.text)}</pre></details></div>'
        f"<script>{_SCRIPT}</script>"
    )


def _section(section: Section) -> str:
    head = (
        f'<tr><th colspan="3" scope="rowgroup" style="{_CELL};padding-top:10px;'
        f'border-bottom:1px solid currentColor">{escape(section.title)}</th></tr>'
    )
    return f"<tbody>{head}{''.join(map(_row, section.checks))}</tbody>"


def _row(check: Check) -> str:
    found = escape(check.found)
    if check.advice:
        found += f'<br><span style="opacity:.8">{escape(check.advice)}</span>'
    word = WORDS[check.status]
    cells = (escape(check.name), _badge(check.status, word) if word else "", found)
    widths = ("width:1%;white-space:nowrap", "width:1%", "")
    return (
        "<tr>"
        + "".join(
            f'<td style="{_CELL};{width}">{cell}</td>'
            for cell, width in zip(cells, widths, strict=True)
        )
        + "</tr>"
    )


def _badge(status: Status, text: str) -> str:
    return f'<span style="{_BADGE};{_COLOURS[status]}">{escape(text)}</span>'
