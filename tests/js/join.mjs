// Joins the modules of each widget into the one file that ships. `build.mjs` writes it, a test
// compares it. Every widget carries its file, so it is minified; its source map is not in it, since
// a page or a notebook has no address that a map could lie beside.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const widgets = new URL("../../hailuo_nb/widgets/", import.meta.url);
export const staticFolder = new URL("static/", widgets);
export const sourceFolder = new URL("js/", widgets);

const names = ["compare_board", "prompt_studio", "page", "ballot"];
const banner = "Joined from hailuo_nb/widgets/js by `make js`: change it there.";

/**
 * @param {{minify?: boolean}} [options] not minified it is our modules alone, with their names
 * @returns {Promise<{files: Map<string, string>, modules: Map<string, number[]>}>} file name -> text,
 *   source maps too; and module -> its bytes in each widget that has it
 */
export async function join({ minify = true } = {}) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: fileURLToPath(widgets),
    entryPoints: names.flatMap((name) => [`js/${name}.js`, `js/${name}.css`]),
    outdir: "static",
    bundle: true,
    nodePaths: [fileURLToPath(new URL("node_modules", import.meta.url))], // Preact and its signals
    format: "esm",
    target: "es2022",
    charset: "utf8",
    external: minify ? [] : ["preact", "@preact/signals"],
    minify,
    lineLimit: minify ? 1000 : 0, // what searches a folder prints lines
    sourcemap: "external",
    banner: { js: `// ${banner}`, css: `/* ${banner} */` },
    metafile: true,
    write: false,
    logLevel: "error",
  });
  const files = new Map(
    outputFiles.map(({ path, text }) => [path.replaceAll("\\", "/").split("/").at(-1) ?? "", text]),
  );
  const modules = new Map();
  for (const name of names.slice(0, 2)) // no widget carries the pages
    for (const [module, { bytesInOutput }] of Object.entries(
      metafile.outputs[`static/${name}.js`]?.inputs ?? {},
    ))
      modules.set(module, [...(modules.get(module) ?? []), bytesInOutput]);
  return { files, modules };
}
