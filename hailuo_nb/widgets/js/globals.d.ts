/** Messages of the widget in each language: pages/assets.py writes them before the joined script. */
declare const hnMessages: import("./types.js").Messages;
