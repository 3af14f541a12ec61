// One menu for a whole board: it opens at the button that was pressed. Knows items with a label; not what they do.

import { h, replace } from "./dom.js";

/** @typedef {{label: string, run: () => void, checked?: boolean, danger?: boolean, stay?: boolean}} Item */

export class Menu {
  constructor() {
    this.el = h("div.hn-menu", { role: "menu", popover: "auto", on: { keydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event) } });
    /** @type {HTMLElement | null} */
    this.button = null;
    this.el.addEventListener("toggle", (event) => {
      const open = /** @type {ToggleEvent} */ (event).newState === "open";
      this.button?.setAttribute("aria-expanded", String(open));
    });
  }

  /** @param {HTMLElement} button @param {string} label @param {() => Item[]} items  asked again after each choice that stays */
  open(button, label, items) {
    this.button = button;
    this.el.setAttribute("aria-label", label);
    this.fill(items);
    this.el.showPopover();
    const at = button.getBoundingClientRect();
    const own = this.el.getBoundingClientRect();
    const left = Math.max(4, Math.min(at.right - own.width, innerWidth - own.width - 4));
    const below = at.bottom + own.height + 8 < innerHeight;
    this.el.style.left = `${left}px`;
    this.el.style.top = `${below ? at.bottom + 4 : Math.max(4, at.top - own.height - 4)}px`;
    this.focus(0);
  }

  /** @param {() => Item[]} items @param {number} [at] */
  fill(items, at) {
    const buttons = items().map((item, index) => {
      const check = item.checked !== undefined;
      const click = () => {
        if (!item.stay) this.close();
        item.run();
        if (item.stay) this.fill(items, index);
      };
      const props = { type: "button", class: "hn-menu-item", role: check ? "menuitemcheckbox" : "menuitem", tabindex: -1, "data-danger": item.danger, "aria-checked": check ? String(item.checked) : null, on: { click } };
      return h("button", props, item.label);
    });
    replace(this.el, ...buttons);
    if (at !== undefined) this.focus(at);
  }

  /** @param {number} index */
  focus(index) {
    const items = [...this.el.children];
    /** @type {HTMLElement | undefined} */ (items.at(index % items.length))?.focus();
  }

  close() {
    this.el.hidePopover();
    this.button?.focus();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const at = [...this.el.children].indexOf(/** @type {Element} */ (document.activeElement));
    const to = /** @type {Record<string, number>} */ ({ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 })[event.key];
    if (event.key === "Tab") this.close();
    if (event.key === "Escape") this.close();
    if (to !== undefined) this.focus(to);
    if (to !== undefined || event.key === "Escape") event.preventDefault();
    event.stopPropagation();
  }
}
