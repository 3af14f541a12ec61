// One menu for a whole widget; it opens at the button that was pressed.

import { h, render } from "preact";
import { Button } from "./components.js";
import { element, flag, focusedBeside, on } from "./dom.js";

/**
 * @typedef {{label: string, run: () => void, checked?: boolean, danger?: boolean, stay?: boolean}}
 *   Item
 */

export class Menu {
  constructor() {
    this.el = element("div", "hn-menu");
    this.el.role = "menu";
    this.el.popover = "auto";
    /** @type {HTMLElement | null} */
    this.button = null;
    on(this.el, "keydown", (event) => this.onKey(event));
    on(this.el, "toggle", ({ newState }) =>
      this.button?.setAttribute("aria-expanded", String(newState === "open")),
    );
  }

  /**
   * @param {HTMLElement} button
   * @param {string} label
   * @param {() => Item[]} items  called again after each choice that stays
   */
  open(button, label, items) {
    this.button = button;
    this.el.setAttribute("aria-label", label);
    this.fill(items);
    this.el.showPopover();
    const at = button.getBoundingClientRect();
    const { width, height } = this.el.getBoundingClientRect();
    const below = at.bottom + height + 8 < innerHeight;
    this.el.style.left = `${Math.max(4, Math.min(at.right - width, innerWidth - width - 4))}px`;
    this.el.style.top = `${below ? at.bottom + 4 : Math.max(4, at.top - height - 4)}px`;
    this.focus(0);
  }

  /** @param {() => Item[]} items */
  fill(items) {
    const buttons = items().map(({ label, run, checked, danger, stay }) =>
      h(
        "button",
        {
          key: label,
          type: "button",
          class: "hn-menu-item",
          role: checked === undefined ? "menuitem" : "menuitemcheckbox",
          tabIndex: -1,
          "data-danger": flag(danger),
          "aria-checked": checked,
          onClick: () => {
            if (!stay) this.close();
            run();
            if (stay) this.fill(items);
          },
        },
        label,
      ),
    );
    render(buttons, this.el);
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
    const at = [...this.el.children].indexOf(/** @type {Element} */ (focusedBeside(this.el)));
    const to = /** @type {Record<string, number>} */ ({
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: -1,
    })[event.key];
    const away = event.key === "Escape";
    if (away || event.key === "Tab") this.close();
    if (to !== undefined) this.focus(to);
    if (away || to !== undefined) event.preventDefault();
    event.stopPropagation();
  }
}

/**
 * A button that opens a menu.
 * @param {Record<string, any> & {look: string, open: (button: HTMLElement) => void,
 *   children?: import("preact").ComponentChildren}} props
 */
export const MenuButton = ({ open, ...props }) =>
  h(Button, {
    ...props,
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onClick: (/** @type {any} */ { currentTarget }) => open(currentTarget),
  });
