// Bundles the front end into the folder given as first argument.
// Each file directly in src/ becomes one bundle; what they import lives in folders below it.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import * as esbuild from "esbuild";

const out = path.resolve(process.argv[2]);
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);

const entryPoints = fs
  .readdirSync(path.join(here, "src"))
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => path.join(here, "src", name));

function sprite(names) {
  const symbols = names.map((name) => {
    const file = path.join(here, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);
    const paths = fs
      .readFileSync(file, "utf8")
      .replace(/<!--[\s\S]*?-->/, "")
      .replace(/<svg[^>]*>/, "")
      .replace("</svg>", "")
      .replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${paths}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
await esbuild.build({
  entryPoints,
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome87", "safari15", "firefox91"],
  legalComments: "linked",
  loader: { ".svg": "dataurl", ".woff2": "file" },
  logLevel: "warning",
});

const icons = path.join(here, "icons.txt");
if (fs.existsSync(icons)) {
  const names = fs.readFileSync(icons, "utf8").split(/\s+/).filter(Boolean);
  fs.writeFileSync(path.join(out, "icons.svg"), sprite([...new Set(names)].sort()));
}

// Papers are set in a font that the product brings along: a machine need not have a Chinese one.
const fonts = path.join(here, "node_modules/@expo-google-fonts/noto-sans-sc");
fs.mkdirSync(path.join(out, "fonts"));
for (const name of ["400Regular", "700Bold"]) {
  fs.copyFileSync(path.join(fonts, name, `NotoSansSC_${name}.ttf`), path.join(out, "fonts", `NotoSansSC-${name}.ttf`));
}
fs.copyFileSync(path.join(fonts, "LICENSE_FONT"), path.join(out, "fonts", "OFL.txt"));

// The web server sends the compressed twin where the browser takes it.
for (const name of fs.readdirSync(out).filter((name) => /\.(js|css|svg)$/.test(name))) {
  const bytes = fs.readFileSync(path.join(out, name));
  fs.writeFileSync(path.join(out, `${name}.gz`), zlib.gzipSync(bytes, { level: 9 }));
  fs.writeFileSync(path.join(out, `${name}.br`), zlib.brotliCompressSync(bytes));
}
