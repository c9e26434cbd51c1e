// Writes docs/api from the docstrings: one page a module, and an index. With --check it writes nothing and says what has
// changed since. Needs the kernels to be built (`npm run docs` sees to it).
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, Logger, LogLevel } from 'typedoc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'docs/api');

/** Keeps what is worth telling. */
class Warnings extends Logger {
  messages = [];
  log(message, level) {
    if (level >= LogLevel.Warn) this.messages.push(message);
  }
  addContext(message, _level, ...[reflection]) {
    return reflection?.getFullName === undefined ? message : `${reflection.getFullName()}: ${message}`;
  }
}

/** Pages by their names, and what TypeDoc had to say about them. */
async function generate() {
  const out = mkdtempSync(join(tmpdir(), 'toyfhe-api-'));
  try {
    const application = await Application.bootstrapWithPlugins({ options: join(root, 'typedoc.json'), out });
    const logger = new Warnings();
    application.logger = logger;
    const project = await application.convert();
    if (project === undefined) return { pages: new Map(), warnings: logger.messages };
    application.validate(project);
    await application.generateOutputs(project);
    const pages = new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
    pages.set('README.md', indexPage(project.children, pages));
    return { pages, warnings: logger.messages };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** A line for each module, and the names of its functions and classes. */
function indexPage(modules, pages) {
  const sections = modules.map(({ name, comment }) => {
    const about = (comment?.summary ?? []).map(({ text }) => text).join('');
    const names = mainNames(pages.get(`${name}.md`)).map(({ text, anchor }) => `[${text}](${name}.md#${anchor})`);
    return `## [toyfhe/${name}](${name}.md)\n\n${about}\n\n${names.join(', ')}\n`;
  });
  return [
    '# API reference\n',
    'What each part of the library exports, made from the docstrings by `npm run docs`. `toyfhe` itself has everything of',
    '`toyfhe/backend`, `toyfhe/toy`, `toyfhe/engine` and `toyfhe/seal`, and `evaluate`.\n',
    ...sections,
  ].join('\n');
}

/** Headings under "Functions" and "Classes", with the anchors before them. */
function mainNames(page) {
  const names = [];
  let group = '';
  for (const [, anchor, marks, text] of page.matchAll(/(?:<a id="([^"]*)"><\/a>\s+)?^(#{2,3}) (.*)$/gm)) {
    const plain = text.replace(/\\/g, '').replace(/^`abstract` /, '');
    if (marks === '##') group = plain;
    else if (['Functions', 'Classes'].includes(group)) names.push({ text: plain, anchor });
  }
  return names;
}

function committed() {
  try {
    return new Map(readdirSync(target).map((name) => [name, readFileSync(join(target, name), 'utf8')]));
  } catch {
    return new Map();
  }
}

const { pages, warnings } = await generate();
for (const warning of warnings) process.stderr.write(`${warning}\n`);
const before = committed();
const changed = [...new Set([...pages.keys(), ...before.keys()])].filter(
  (name) => pages.get(name) !== before.get(name),
);
if (warnings.length > 0 || pages.size === 0) {
  process.stderr.write('the API reference is not written: mend these first\n');
  process.exitCode = 1;
} else if (process.argv.includes('--check')) {
  if (changed.length > 0) {
    process.stderr.write(`out of date: ${changed.map((name) => `docs/api/${name}`).join(', ')}; run npm run docs\n`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(target, { recursive: true });
  for (const name of changed) {
    if (pages.has(name)) writeFileSync(join(target, name), pages.get(name));
    else rmSync(join(target, name));
  }
  console.log(`docs/api: ${pages.size} pages, ${changed.length} changed`);
}
