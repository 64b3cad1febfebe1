// Builds the front end into app/web/static/dist: one stylesheet, one script, one sprite of icons, the
// favicon, and a manifest from each plain name to its name with a hash of the content.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "app", "web", "static", "dist");
const SCRIPT_LIMIT = 100_000; // Bytes of gzipped script that any page may carry.

// Old phones matter: these are the oldest browsers that the styles and scripts are written down to.
const target = ["chrome111", "firefox115", "safari16.4"];

async function bundle(entry, options = {}) {
  const result = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    legalComments: "none",
    target,
    ...options,
  });
  return result.outputFiles[0].contents;
}

// Each icon becomes a symbol; the page draws it with <use> in the colour of the text around it.
async function sprite() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = await Promise.all(
    names.map(async (name) => {
      const source = await readFile(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
      const shapes = source
        .slice(source.indexOf(">", source.indexOf("<svg")) + 1, source.lastIndexOf("</svg>"))
        .replace(/\s*\n\s*/g, "");
      return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

const files = {
  "app.css": await bundle("css/app.css", { loader: { ".svg": "dataurl" } }),
  "app.js": await bundle("js/app.js", { format: "iife" }),
  "icons.svg": await sprite(),
  "favicon.svg": await readFile(join(here, "favicon.svg")),
};

// Built beside the old folder and swapped in at the end: a running service never sees half a build.
const fresh = `${out}.new`;
await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
const manifest = {};
for (const [name, content] of Object.entries(files)) {
  const { name: stem, ext } = parse(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  manifest[name] = `${stem}.${hash}${ext}`;
  await writeFile(join(fresh, manifest[name]), content);
  const zipped = gzipSync(content, { level: 9 }).length;
  console.log(`${manifest[name].padEnd(28)} ${String(content.length).padStart(7)} bytes ${String(zipped).padStart(7)} gzipped`);
  if (ext === ".js" && zipped > SCRIPT_LIMIT) throw new Error(`${name} is heavier than ${SCRIPT_LIMIT} bytes`);
}
await writeFile(join(fresh, "manifest.json"), JSON.stringify(manifest, null, 2));
await rm(out, { recursive: true, force: true });
await rename(fresh, out);
