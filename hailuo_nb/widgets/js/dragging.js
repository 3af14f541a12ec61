// What of the camera is dragged now: a step, a move of it, or a move of the strip.

/**
 * @typedef {{step?: number, item?: number | undefined, key?: string}} Payload  a step, a move of
 *   it, or one of the strip
 */

/** dataTransfer keeps its secrets until the drop. @type {Payload | null} */
let dragged = null;

/** @returns {Payload | null} */
export const draggedNow = () => dragged;

/** Properties that let an element be dragged. @param {Payload} payload */
export const draggable = (payload) => ({
  draggable: true,
  onDragStart: (/** @type {DragEvent} */ event) => {
    event.stopPropagation();
    dragged = payload;
    event.dataTransfer?.setData("application/x-hn-move", "1");
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "copyMove";
  },
  onDragEnd: () => (dragged = null),
});
