/** Messages of the widget: pages/assets.py writes them before the joined script. */
declare const hnMessages: import("./types.js").Messages;
