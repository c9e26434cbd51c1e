#!/usr/bin/env node
// The command `toyfhe`. Plain JavaScript, so that it can say what is wrong where nothing else would load.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli.js', import.meta.url);

if (Number(process.versions.node.split('.')[0]) < 22) {
  console.error(
    `cannot start toyfhe: Node.js should be 22 or newer but is ${process.version}; use npm start or npx toyfhe`,
  );
  process.exitCode = 2;
} else if (!existsSync(main)) {
  console.error('cannot start toyfhe: its build should be in repl/dist but is missing; run npm run setup');
  process.exitCode = 2;
} else {
  const { run } = await import(main.href);
  process.exitCode = await run(process.argv.slice(2));
}
