// Builds the pages' assets: our stylesheet and scripts, what they need of the design systems, the reader of API
// documents, the icons that the stylesheet shows and the licences, each under a name that carries a hash of its
// content, larger ones also compressed, and manifest.json from logical to hashed names.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { compile, compileString } from "sass";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, "assets");
const modules = path.join(root, "node_modules");
const icons = path.join(modules, "@ministryofjustice", "frontend", "moj", "assets", "images");
const target = path.join(root, "src", "throughcare", "kit", "web", "static", "assets");
const making = `${target}.new`;

const FETCHED = {
  "govuk-frontend.min.js": ["govuk-frontend", "dist", "govuk", "govuk-frontend.min.js"],
  "moj-frontend.min.js": ["@ministryofjustice", "frontend", "moj", "moj-frontend.min.js"],
  "accessible-autocomplete.min.js": ["accessible-autocomplete", "dist", "accessible-autocomplete.min.js"],
  "swagger-ui.js": ["swagger-ui-dist", "swagger-ui-bundle.js"],
  "swagger-ui.css": ["swagger-ui-dist", "swagger-ui.css"],
};
const OUR_SCRIPTS = ["autosave.js", "searchable.js", "session.js", "throughcare.js", "swagger-start.js"];
const LICENCES = {
  "GOV.UK Frontend": [source, "licences", "govuk-frontend.txt"],
  "MOJ Frontend": [source, "licences", "moj-frontend.txt"],
  "Accessible autocomplete": [modules, "accessible-autocomplete", "LICENSE.txt"],
  "Swagger UI": [modules, "swagger-ui-dist", "LICENSE"],
  "Swagger UI, notice": [modules, "swagger-ui-dist", "NOTICE"],
  "Swagger UI, what it bundles": [modules, "swagger-ui-dist", "swagger-ui-bundle.js.LICENSE.txt"],
};
const manifest = {};

function emit(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const [stem, ...endings] = name.split(".");
  manifest[name] = [`${stem}-${hash}`, ...endings].join(".");
  writeFileSync(path.join(making, manifest[name]), content);
  if (content.length > 1000) writeFileSync(path.join(making, `${manifest[name]}.gz`), gzipSync(content, { level: 9 }));
  return manifest[name];
}

// Icons come from the Ministry of Justice's package alone. What it lacks (and GOV.UK's crest, which is not ours
// to show) leaves the stylesheet together with the declaration that asks for it.
function withIcons(css) {
  return css.replace(/^[ \t]*[\w-]+:[^;{}]*\burl\(["']?([\w.-]+)["']?\)[^;{}]*;\n/gm, (declaration, icon) => {
    const file = path.join(icons, icon);
    return existsSync(file) ? declaration.replace(icon, manifest[icon] ?? emit(icon, readFileSync(file))) : "";
  });
}

function refuseDangling(css) {
  const built = new Set(Object.values(manifest));
  const wanted = [...css.matchAll(/url\(["']?(?!data:|#)([^"')]+)["']?\)/g)].map((found) => found[1]);
  const dangling = wanted.filter((name) => !built.has(name));
  if (dangling.length > 0) throw new Error(`the stylesheet asks for files that are not built: ${dangling.join(", ")}`);
  if (/crest|crown\.|GDS Transport/i.test(css.replaceAll(/\.[\w-]+/g, ""))) {
    throw new Error("the stylesheet names the crest, the crown or the GDS Transport typeface");
  }
}

// Warnings that are the Ministry of Justice's to mend stay quiet; ours are shown.
const logger = {
  warn(message, { stack, span }) {
    if (!stack?.includes("@ministryofjustice")) console.warn(message, stack ?? span?.url?.href ?? "");
  },
};

function stylesheet() {
  const options = { loadPaths: [root, modules], quietDeps: true, style: "expanded", logger };
  const { css } = compile(path.join(source, "throughcare.scss"), options);
  const small = compileString(withIcons(css), { syntax: "css", style: "compressed" }).css;
  refuseDangling(small);
  emit("throughcare.css", small);
}

function fetched() {
  for (const [name, parts] of Object.entries(FETCHED)) {
    const content = readFileSync(path.join(modules, ...parts), "utf8");
    emit(name, content.replace(/\n?(?:\/\/|\/\*)# sourceMappingURL=.*\s*$/, "\n"));
  }
}

function ourScripts() {
  for (const name of OUR_SCRIPTS) {
    const script = readFileSync(path.join(source, name), "utf8");
    emit(name, script.replace(/((?:from |import |import\()")\.\/([^"]+)"/g, (_whole, before, wanted) => {
      return `${before}./${manifest[wanted]}"`;
    }));
  }
}

function licences() {
  const texts = Object.entries(LICENCES).map(
    ([name, parts]) => `${name}\n${"=".repeat(name.length)}\n\n${readFileSync(path.join(...parts), "utf8").trim()}\n`,
  );
  emit("licences.txt", texts.join("\n\n"));
}

rmSync(making, { recursive: true, force: true });
mkdirSync(making, { recursive: true });
stylesheet();
fetched();
ourScripts();
licences();
writeFileSync(path.join(making, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
rmSync(target, { recursive: true, force: true });
renameSync(making, target);
console.log(`assets: ${Object.keys(manifest).length} files in ${path.relative(root, target)}`);
