// `npm run build`: write the joined files to hailuo_nb/widgets/static.
import { mkdir, writeFile } from "node:fs/promises";
import { join, staticFolder } from "./join.mjs";

await mkdir(staticFolder, { recursive: true });
let script = 0;
for (const [name, text] of await join()) {
  await writeFile(new URL(name, staticFolder), text);
  if (name.endsWith(".js")) script += text.length;
  console.log(`${name}: ${(text.length / 1000).toFixed(1)} kB`);
}
console.log(`JavaScript of both widgets: ${(script / 1000).toFixed(1)} kB`);
