// Which keys a widget keeps to itself. JupyterLab listens above us and takes letters for commands: "d d" on a focused
// button deletes the cell. Shortcuts with Ctrl, Meta or Alt go on to the host, so that Ctrl+S saves; Enter never does,
// as Ctrl+Enter and Shift+Enter would run the cell and put the widget away.

const OURS = new Set([
  "Enter",
  "Backspace",
  "Delete",
  "Home",
  "End",
  "PageUp",
  "PageDown",
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
]);

/** @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean}} event */
export function isOurs({ key, ctrlKey, metaKey, altKey }) {
  if (key === "Enter") return true;
  return !ctrlKey && !metaKey && !altKey && ([...key].length === 1 || OURS.has(key));
}

/** @param {HTMLElement} root */
export function keepKeys(root) {
  for (const type of /** @type {const} */ (["keydown", "keypress"])) {
    root.addEventListener(type, (event) => {
      if (isOurs(event)) event.stopPropagation();
    });
  }
}
