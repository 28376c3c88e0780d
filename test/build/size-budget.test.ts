import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../client/headless/package-root.ts';

const pages = join(packageRoot, 'dist/web');
const assets = join(pages, 'assets');

const gzipped = (path: string): number => gzipSync(readFileSync(path)).length;

const sum = (names: readonly string[]): number =>
  names.reduce((all, name) => all + gzipped(join(assets, name)), 0);

/** The one built file with this name before its hash. */
function assetOf(name: string, ending: string): string {
  const found = readdirSync(assets).filter(file => new RegExp(`^${name}-[\\w-]{8}\\.${ending}$`).test(file));
  expect(found, name).toHaveLength(1);
  return found[0] ?? '';
}

/** Scripts and styles that a page's HTML loads. */
const loadedBy = (html: string): string[] => [
  ...new Set(
    [...readFileSync(join(pages, html), 'utf8').matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map(
      ([, name]) => name ?? '',
    ),
  ),
];

/** These scripts, with all that they import before they run. */
function withImports(scripts: readonly string[]): string[] {
  const found = new Set<string>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const text = readFileSync(join(assets, name), 'utf8');
    for (const [, next] of text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) add(next ?? '');
  };
  scripts.forEach(add);
  return [...found];
}

const isScript = (name: string): boolean => name.endsWith('.js');

describe('the build stays within its budget, gzipped', () => {
  const first = loadedBy('index.html');
  const germanFirst = assetOf('german-first', 'js');
  const german = assetOf('german', 'js');

  it('first page: at most 60 kB in all, in its longest language', () => {
    expect(first.filter(isScript).length).toBeGreaterThan(0);
    expect(first.filter(name => name.endsWith('.css'))).toHaveLength(1);
    expect(withImports(first.filter(isScript)).sort()).toEqual(first.filter(isScript).sort());
    const all = gzipped(join(pages, 'index.html')) + sum([...first, germanFirst]);
    expect(all).toBeLessThan(60_000);
  });

  it('page of a run: at most 150 kB of script before anything shows', () => {
    const scripts = withImports([...first.filter(isScript), assetOf('run-page', 'js'), germanFirst, german]);
    expect(sum(scripts)).toBeLessThan(150_000);
  });

  it('pages: no tfjs, which belongs to the trainer', () => {
    const scripts = withImports([...first.filter(isScript), assetOf('run-page', 'js')]);
    expect(scripts.map(name => readFileSync(join(assets, name), 'utf8')).join('')).not.toContain(
      'registerKernel',
    );
  });

  it('trainer: at most 400 kB of script, WebGPU included', () => {
    const parts = ['trainer-thread', 'kernel-thread', 'register-webgpu-kernels', 'dist'];
    expect(sum(parts.map(name => assetOf(name, 'js')))).toBeLessThan(400_000);
  });

  it('Worker: at most 275 kB, of the 3 MB that a free account allows', () => {
    expect(gzipped(join(packageRoot, 'dist/worker/index.js'))).toBeLessThan(275_000);
  });
});
