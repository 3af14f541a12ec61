// What is said of a prompt among the versions that were sent. Pure.

/**
 * @typedef {{number: number, changes: [before: string, after: string][]}} Against
 * @typedef {{number: number | null, parent: Against | null, baseline: Against | null}} VersionNote
 * @typedef {{lead: string, changes: [before: string, after: string][], rest: string}} Line
 */

/** So many changes of a prompt are listed. */
export const MAX_CHANGES = 4;

/**
 * The name of a version, and what it is held against: the version before it, and the pinned one.
 * @param {import("./types.js").Translate} t
 * @param {VersionNote} note
 * @param {number} pinned  the number of the baseline, 0 for none
 * @returns {{name: string, lines: Line[]}}
 */
export function versionText(t, { number, parent, baseline }, pinned) {
  const name = number ? t("version", { number }) : t("version.unsent");
  const is = (/** @type {Against | null} */ one) => one !== null;
  const both = parent?.number === baseline?.number ? [baseline] : [parent, baseline];
  const lines = both.filter(is).map((against) => {
    const { number, changes } = /** @type {Against} */ (against);
    const more = changes.length - MAX_CHANGES;
    return {
      lead: t(number === pinned ? "version.against" : "version.from", { number }),
      changes: changes.slice(0, MAX_CHANGES),
      rest: more > 0 ? t("version.more", { count: more }) : changes.length ? "" : t("version.same"),
    };
  });
  return { name, lines };
}
