// A number that is typed: what is typed so far stands there until the field is left.

import { useSignal } from "@preact/signals";
import { h } from "preact";

/**
 * @param {Record<string, any> & {value: number | null, min?: number | null, max?: number | null,
 *   whole?: boolean, choose: (value: number | null) => void}} props  `choose` is called with each
 *   number within the bounds, and with null for an empty field that may be empty
 */
export function NumberInput({ value, min, max, whole = true, choose, ...props }) {
  const typed = useSignal(/** @type {string | null} */ (null));
  const onInput = (/** @type {any} */ { currentTarget }) => {
    typed.value = currentTarget.value;
    const number = whole ? Math.round(currentTarget.valueAsNumber) : currentTarget.valueAsNumber;
    if (Number.isNaN(number)) return props.required ? undefined : choose(null);
    if (number >= (min ?? -Infinity) && number <= (max ?? Infinity)) choose(number);
  };
  return h("input", {
    ...props,
    type: "number",
    class: `hn-input ${props.class ?? ""}`,
    min: min ?? undefined,
    max: max ?? undefined,
    step: whole ? 1 : "any",
    value: typed.value ?? value ?? "",
    onInput,
    onBlur: () => (typed.value = null),
  });
}
