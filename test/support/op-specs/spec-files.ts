import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const SUFFIX = '_test.js';

/** tfjs-core's modules one by one; its package ships its specs among them. */
const folder = join(
  dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json')),
  'dist',
);

/** The files of specs, such as `ops/abs`. */
export const SPEC_FILES: readonly string[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith(SUFFIX))
  .map(path => path.slice(0, -SUFFIX.length).replaceAll('\\', '/'))
  .toSorted();

/** Describes the file's specs to the globals that are called `describe`, `it` and so on. */
export async function loadSpecFile(file: string): Promise<void> {
  await import(/* @vite-ignore */ join(folder, `${file}${SUFFIX}`));
}
