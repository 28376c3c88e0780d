import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../client/headless/package-root.ts';

const folder = join(packageRoot, 'dist/web/assets');

/** Gzipped bytes of the built files whose names match. */
const gzipped = (pattern: RegExp): number =>
  readdirSync(folder)
    .filter(name => pattern.test(name))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);

/** Scripts that index.html loads, with what they load at once. */
function firstScripts(): string[] {
  const html = readFileSync(join(packageRoot, 'dist/web/index.html'), 'utf8');
  return [...html.matchAll(/assets\/([\w.-]+\.js)/g)].map(([, name]) => name ?? '');
}

describe('the build stays within its budget, gzipped', () => {
  it('page: at most 100 kB of script before anything shows', () => {
    const scripts = firstScripts();
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.reduce((sum, name) => sum + gzipped(new RegExp(`^${name}$`)), 0)).toBeLessThan(100_000);
  });

  it('page: no tfjs, which belongs to the trainer', () => {
    const page = firstScripts()
      .map(name => readFileSync(join(folder, name), 'utf8'))
      .join('');
    expect(page).not.toContain('registerKernel');
  });

  it('trainer: at most 450 kB of script, WebGPU included', () => {
    const all = gzipped(/\.js$/);
    expect(
      all - firstScripts().reduce((sum, name) => sum + gzipped(new RegExp(`^${name}$`)), 0),
    ).toBeLessThan(450_000);
  });

  it('Worker: at most 250 kB, of the 3 MB that a free account allows', () => {
    expect(gzipSync(readFileSync(join(packageRoot, 'dist/worker/index.js'))).length).toBeLessThan(250_000);
  });
});
