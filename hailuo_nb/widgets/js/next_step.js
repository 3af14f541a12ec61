// What would tell most: a vote on two clips, or one clip more with its price. Sends nothing.

import { useSignal } from "@preact/signals";
import { h } from "preact";
import { Button } from "./components.js";
import { reasonText } from "./wire.js";

/** @param {{board: import("./card.js").Board, by: string}} props  by: the question */
export function NextStep({ board: { t, store, wire, vote }, by }) {
  const found = useSignal(/** @type {Record<string, any> | null} */ (null));
  const actions = store.actions.value;
  if (!actions.includes("suggest")) return null;
  const ask = async (/** @type {boolean} */ copy) => {
    found.value = await wire
      .request({ kind: "action", action: "suggest", by, copy })
      .catch((reason) => ({ error: reasonText(reason) }));
  };
  const { next, error, ...values } = found.value ?? {};
  return h(
    "div",
    { class: "hn-row" },
    h(Button, { look: "small", onClick: () => ask(false) }, t("next")),
    h("span", { class: "hn-soft", role: "status" }, error ?? (next && t(`next.${next}`, values))),
    next === "vote" &&
      h(
        Button,
        { look: "small primary", onClick: () => vote.show([values.first, values.second]) },
        t("next.vote.open"),
      ),
    next === "take" &&
      actions.includes("settings") &&
      h(Button, { look: "small primary", onClick: () => ask(true) }, t("action.settings")),
  );
}
