// Joins the modules of each widget into the one file that ships. `build.mjs` writes it, a test
// compares it. Every widget carries its file, so comments and types stay in the modules; names and
// lines stay as they are.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const widgets = new URL("../../hailuo_nb/widgets/", import.meta.url);
export const staticFolder = new URL("static/", widgets);
export const sourceFolder = new URL("js/", widgets);

const names = ["compare_board", "prompt_studio", "page"];

/** JSDoc goes before the joining: a cast would leave its brackets and an empty line behind. */
const withoutTypes = {
  name: "without-types",
  setup(/** @type {import("esbuild").PluginBuild} */ { onLoad }) {
    onLoad({ filter: /\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/\/\*\*[\s\S]*?\*\/ ?/g, ""),
      loader: "js",
    }));
  },
};

/** @returns {Promise<Map<string, string>>} file name -> text */
export async function join() {
  const result = await build({
    absWorkingDir: fileURLToPath(widgets),
    entryPoints: names.flatMap((name) => [`js/${name}.js`, `js/${name}.css`]),
    outdir: "static",
    bundle: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    minifySyntax: true,
    plugins: [withoutTypes],
    banner: {
      js: "// Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js.",
      css: "/* Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js. */",
    },
    write: false,
    logLevel: "error",
  });
  return new Map(
    result.outputFiles.map(({ path, text }) => [
      path.replaceAll("\\", "/").split("/").at(-1),
      tidy(text),
    ]),
  );
}

/**
 * Without indentation, a twentieth of what every saved notebook carries, and without marks for
 * minifiers.
 * @param {string} text
 */
function tidy(text) {
  return text.replaceAll("/* @__PURE__ */ ", "").replace(/^ +/gm, "");
}
