// `npm run build`: write the joined files to hailuo_nb/widgets/static, and their source maps, which
// the developer tools of a browser load by hand, to build/maps. `node build.mjs sizes`: bytes of
// each module too, and of the libraries and of what both widgets carry.
import { mkdir, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { join, staticFolder } from "./join.mjs";

const mapFolder = new URL("../../build/maps/", import.meta.url);
await mkdir(staticFolder, { recursive: true });
await mkdir(mapFolder, { recursive: true });
const { files, modules } = await join();
let [bytes, zipped] = [0, 0];
for (const [name, text] of files) {
  await writeFile(new URL(name, name.endsWith(".map") ? mapFolder : staticFolder), text);
  if (name.endsWith(".map")) continue;
  const [size, small] = [Buffer.byteLength(text), gzipSync(text).length];
  console.log(`${name}: ${(size / 1000).toFixed(1)} kB, gzip ${(small / 1000).toFixed(1)}`);
  if (!name.endsWith(".js") || ["page.js", "ballot.js"].includes(name)) continue; // no widget carries the pages
  bytes += size;
  zipped += small;
}
const sum = (sizes) => sizes.reduce((all, one) => all + one, 0);
if (process.argv.includes("sizes")) {
  const parts = new Map();
  for (const [name, sizes] of [...modules].sort(([, a], [, b]) => sum(b) - sum(a))) {
    console.log(`${String(sum(sizes)).padStart(6)} ${name}`);
    const library = name.includes("node_modules");
    const part = library ? "libraries" : sizes.length > 1 ? "modules of both" : "modules of one";
    parts.set(part, (parts.get(part) ?? 0) + sum(sizes));
  }
  for (const [part, size] of parts) console.log(`${(size / 1000).toFixed(1)} kB ${part}`);
}
const [kilo, kiloZipped] = [bytes, zipped].map((size) => (size / 1000).toFixed(1));
console.log(`JavaScript of both widgets: ${kilo} kB, gzip ${kiloZipped}`);
