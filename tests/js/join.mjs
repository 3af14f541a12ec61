// Joins the modules of each widget into the one file that ships. `build.mjs` writes it, a test compares it.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const widgets = new URL("../../hailuo_nb/widgets/", import.meta.url);
export const staticFolder = new URL("static/", widgets);
export const sourceFolder = new URL("js/", widgets);

const names = ["compare_board", "prompt_studio", "page"];

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
    banner: {
      js: "// Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js.",
      css: "/* Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js. */",
    },
    write: false,
    logLevel: "error",
  });
  return new Map(
    result.outputFiles.map(({ path, text }) => [path.replaceAll("\\", "/").split("/").at(-1), withoutTypes(text)]),
  );
}

/** Types are for the modules: what ships is read by browsers, and is carried by every widget. Tabs for the same reason. @param {string} text */
function withoutTypes(text) {
  return text
    .replace(/\/\*\* @(?:type|param)\b[^*]*\*\/ ?/g, "")
    .replace(/^(?: {2})+/gm, (blank) => "\t".repeat(blank.length / 2));
}
