// The npm clients' way from a prompt to a saved MP4; see clients.py.
//
//     node tests/peers/clients.mjs CLIENT BASE OUT MODULES [IMAGE]
//
// MODULES is the folder of node_modules. The last line is JSON: what the client says of the end.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const PROMPT = "A cat runs on grass [Push in]";
const FAL = "https://queue.fal.run";
const [name, base, out, modules, image] = process.argv.slice(2);
const require = createRequire(join(modules, "index.js"));
const load = (one) => import(pathToFileURL(require.resolve(one)).href);
const save = async (url) => writeFileSync(out, Buffer.from(await (await fetch(url)).arrayBuffer()));
const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

/** fal's clients have their host built in: their own option `fetch` takes them elsewhere. */
const elsewhere = async (url, options) => {
  const answer = await fetch(String(url).replace(FAL, base), options);
  const text = (await answer.text()).replaceAll(`${base}/fal-ai`, `${FAL}/fal-ai`);
  return new Response(text, { status: answer.status, headers: { "content-type": "application/json" } });
};

const clients = {
  "@fal-ai/client": async () => {
    const { fal } = await load("@fal-ai/client");
    fal.config({ credentials: "key:secret", fetch: elsewhere });
    const path = "fal-ai/minimax/hailuo-2.3/standard/text-to-video";
    const { data } = await fal.subscribe(path, { input: { prompt: PROMPT, duration: "6" } });
    await save(data.video.url);
  },
  "replicate (npm)": async () => {
    const { default: Replicate } = await load("replicate");
    const client = new Replicate({ auth: "any-key", baseUrl: `${base}/v1`, useFileOutput: false });
    const input = { prompt: PROMPT, duration: 6, resolution: "768p" };
    await save(await client.run("minimax/hailuo-2.3", { input }));
  },
  "@openrouter/sdk": async () => {
    const { OpenRouter } = await load("@openrouter/sdk");
    const client = new OpenRouter({ apiKey: "any-key", serverURL: `${base}/api/v1` });
    const wanted = { model: "minimax/hailuo-2.3", prompt: PROMPT, duration: 6, resolution: "1080p" };
    let job = await client.videoGeneration.generate({ videoGenerationRequest: wanted });
    while (["pending", "in_progress"].includes(job.status)) {
      await pause(1);
      job = await client.videoGeneration.getGeneration({ jobId: job.id });
    }
    if (job.status !== "completed") throw new Error(`${job.status}: ${job.error}`);
    const bytes = await client.videoGeneration.getVideoContent({ jobId: job.id });
    writeFileSync(out, Buffer.from(await new Response(bytes).arrayBuffer()));
  },
  "@ai-sdk/fal": async () => {
    const { createFal } = await load("@ai-sdk/fal");
    const model = createFal({ apiKey: "key:secret", fetch: elsewhere });
    await generate(model.video("minimax/hailuo-2.3/standard/text-to-video"));
  },
  "@ai-sdk/replicate": async () => {
    const { createReplicate } = await load("@ai-sdk/replicate");
    const model = createReplicate({ apiToken: "any-key", baseURL: `${base}/v1` });
    await generate(model.video("minimax/hailuo-2.3"));
  },
};

async function generate(model) {
  const { experimental_generateVideo } = await load("ai");
  const prompt = image ? { image: readFileSync(image), text: PROMPT } : PROMPT;
  const poll = { intervalMs: 500, timeoutMs: 60_000 };
  // Its own download refuses this machine's address, and lets one bring another.
  const download = async ({ url }) => ({
    data: new Uint8Array(await (await fetch(url)).arrayBuffer()),
    mediaType: "video/mp4",
  });
  const settings = { model, prompt, duration: 6, maxRetries: 0, poll, download };
  const { video } = await experimental_generateVideo(settings);
  writeFileSync(out, video.uint8Array);
}

const file = name === "replicate (npm)" ? "replicate" : name;
const { version } = JSON.parse(readFileSync(join(modules, file, "package.json"), "utf8"));
try {
  await clients[name]();
  console.log(JSON.stringify({ version }));
} catch (error) {
  console.log(JSON.stringify({ version, error: `${error.name}: ${error.message}` }));
}
process.exit(0);
