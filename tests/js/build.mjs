// `npm run build`: write the joined files to hailuo_nb/widgets/static. `node build.mjs sizes`:
// bytes of each module too.
import { mkdir, writeFile } from "node:fs/promises";
import { join, staticFolder } from "./join.mjs";

await mkdir(staticFolder, { recursive: true });
let script = 0;
const modules = new Map();
for (const [name, text] of await join()) {
  await writeFile(new URL(name, staticFolder), text);
  const size = Buffer.byteLength(text);
  console.log(`${name}: ${(size / 1000).toFixed(1)} kB`);
  if (!name.endsWith(".js") || name === "page.js") continue; // no widget carries the page
  script += size;
  for (const part of text.split(/^(?=\/\/ js\/)/m)) {
    const module = /^\/\/ js\/(\S+)/.exec(part)?.[1] ?? "";
    modules.set(module, (modules.get(module) ?? 0) + Buffer.byteLength(part));
  }
}
if (process.argv.includes("sizes"))
  for (const [name, size] of [...modules].sort(([, a], [, b]) => b - a))
    console.log(`${String(size).padStart(6)} ${name}`);
console.log(`JavaScript of both widgets: ${(script / 1000).toFixed(1)} kB`);
