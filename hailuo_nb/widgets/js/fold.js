// A block that is one line until it is opened: its name, and what there is of it.

import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";

/**
 * @param {{label: string, what: string, needed?: boolean,
 *   children?: import("preact").ComponentChildren} & Record<string, any>} props
 *   needed: there is something to see, so that it opens by itself
 */
export function Fold({ label, what, needed = false, children, ...props }) {
  const ref = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  useEffect(() => {
    if (needed && ref.current) ref.current.open = true;
  }, [needed]);
  return h(
    "details",
    { ...props, ref, class: "hn-block hn-more" },
    h("summary", null, h("b", null, label), " ", what),
    h("div", { class: "hn-more-body" }, children),
  );
}
