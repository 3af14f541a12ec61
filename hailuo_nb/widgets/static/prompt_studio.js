// Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js.

// js/prompt_studio.js
var prompt_studio_default = { render() {
} };
export {
  prompt_studio_default as default
};
