#!/usr/bin/env node
/**
 * The `homeroom` command, in JavaScript that any Node reads. The rest is TypeScript for Node 24, which runs it as it is.
 * An older Node hands over to the one that `npm install` has brought.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const at = path => fileURLToPath(new URL(path, import.meta.url));

/** Node keeps compiled code here and starts faster the next time. */
const COMPILED = at('../../.cache/node');

const isNode24 = Number.parseInt(process.versions.node, 10) >= 24;

const fail = text => {
  console.error(`homeroom: ${text}`);
  process.exitCode = 2;
};

/** Ends as the command itself would: with its status, or with the status that a shell reports for its signal. */
function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches both processes. The child ends when it is ready, and this one with it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // As `when-orphaned.ts` does. The child sees this process alone.
  const parent = process.ppid;
  const look = () => process.ppid !== parent && child.kill('SIGTERM');
  if (process.env.npm_lifecycle_event !== undefined) setInterval(look, 500).unref();
  child.on('error', error => fail(`${node} does not run here (${error.message}): run \`npm install\` again`));
  // A child that could not be started has no `exit`, although it has a `close`.
  child.on('exit', (status, signal) => {
    process.exitCode = status ?? 128 + constants.signals[signal];
  });
}

if (!existsSync(at('../../node_modules/commander'))) {
  fail('its libraries are not installed: run `npm install` first');
} else if (isNode24) {
  module.enableCompileCache(COMPILED);
  await import('./homeroom.ts');
} else {
  handOver(at('../../node_modules/node/bin/node'));
}
