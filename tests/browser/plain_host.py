"""A page that is no Jupyter: it renders widgets as anywidget's other hosts do, marimo's shadow root
among them, with traits of Python and no kernel that answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

# As anywidget asks it of a host. What a widget sends is kept in `window.sent`.
_MOUNT = """async ({ esm, css, traits, shadow, place }) => {
  window.sent ??= [];
  const url = URL.createObjectURL(new Blob([esm], { type: 'text/javascript' }));
  const { default: widget } = await import(url);
  const host = document.createElement('div');
  document.querySelector(place).append(host);
  const root = shadow ? host.attachShadow({ mode: 'open' }) : host;
  const sheet = document.createElement('style');
  sheet.textContent = css;
  const el = document.createElement('div');
  if (shadow) root.append(sheet); else document.head.append(sheet);
  root.append(el);
  const heard = new Map();
  const model = {
    get: (name) => traits[name],
    set: (name, value) => {
      traits[name] = value;
      for (const call of [...(heard.get(`change:${name}`) ?? [])]) call();
    },
    save_changes: () => undefined,
    on: (name, call) => heard.set(name, (heard.get(name) ?? new Set()).add(call)),
    off: (name, call) => heard.get(name)?.delete(call),
    send: (content) => window.sent.push(content),
  };
  widget.render({ model, el, signal: new AbortController().signal });
}"""


def plain_page(page: Page, folder: Path, html: str = "<main></main>") -> Page:
    """An empty page beside the clips of `folder`."""
    file = folder / "host.html"
    file.write_text(f"<!doctype html><html lang=en><title>Host</title>{html}</html>", "utf-8")
    page.goto(file.as_uri())
    return page


def mount(page: Page, widget: Any, *, shadow: bool = False, place: str = "main") -> Locator:
    """Render a widget there; its element. Playwright looks into shadow roots by itself."""
    css = widget._css
    there = page.locator(".hn").count()
    page.evaluate(
        _MOUNT,
        {
            "esm": str(widget._esm),
            "css": css.read_text("utf-8") if isinstance(css, Path) else str(css),
            "traits": widget.get_state([name for name in widget.keys if name[0] != "_"]),
            "shadow": shadow,
            "place": place,
        },
    )
    root = page.locator(".hn").nth(there)
    expect(root).to_be_visible()
    return root
