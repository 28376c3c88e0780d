import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { experimental_readRawConfig } from 'wrangler';
import * as z from 'zod';
import { packageRoot } from '../../client/headless/package-root.ts';

/**
 * What Cloudflare's deploy button asks of a repository
 * (https://developers.cloudflare.com/workers/platform/deploy-buttons/): it copies the repository into the account of whoever
 * pressed it, makes the resources that wrangler.toml names, and runs the scripts `build` and `deploy` there without a person.
 */

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

const texts = z.record(z.string(), z.string());
/** `deploy.test` runs the scripts. */
const manifest = z
  .object({
    ...{ scripts: texts, dependencies: texts, devDependencies: texts },
    repository: z.object({ url: z.url() }),
    cloudflare: z.object({ bindings: z.record(z.string(), z.object({ description: z.string().min(10) })) }),
  })
  .parse(JSON.parse(read('package.json')));

const lockfile = z
  .object({ packages: z.record(z.string(), z.looseObject({ resolved: z.string().optional() })) })
  .parse(JSON.parse(read('package-lock.json')));

const resources = z.array(z.looseObject({ binding: z.string() })).default([]);
const config = z
  .looseObject({ name: z.string(), vars: texts, r2_buckets: resources, d1_databases: resources })
  .parse(experimental_readRawConfig({ config: join(packageRoot, 'wrangler.toml') }).rawConfig);

test('the lockfile is there, in step with package.json, and brings everything from the registry of npm', () => {
  const { '': root, ...packages } = lockfile.packages;
  for (const kind of ['dependencies', 'devDependencies'] as const)
    expect(root?.[kind]).toEqual(manifest[kind]);
  const elsewhere = Object.entries(packages).filter(
    ([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'),
  );
  expect(elsewhere).toEqual([]);
});

test('what the button asks for is described, and nothing else is', () => {
  const asked = [
    ...[...config.r2_buckets, ...config.d1_databases].map(({ binding }) => binding),
    ...Object.keys(config.vars),
    ...Object.keys(parseEnv(read('.dev.vars.example'))),
  ];
  expect(Object.keys(manifest.cloudflare.bindings).sort()).toEqual(asked.sort());
});

test('the button asks for no secret: each line of the example would be one that it needs', () => {
  expect(parseEnv(read('.dev.vars.example'))).toEqual({});
});

/** The names of all settings in wrangler.toml, with their values. */
function* settingsIn(value: unknown, name = ''): Generator<readonly [string, unknown]> {
  if (typeof value !== 'object' || value === null) return yield [name, value];
  for (const [key, inner] of Object.entries(value))
    yield* settingsIn(inner, Array.isArray(value) ? name : key);
}

test('wrangler.toml has a default name for everything, and belongs to no account', () => {
  expect(config.name).toBe('homeroom');
  expect(config.r2_buckets).toEqual([{ binding: 'BLOBS', bucket_name: 'homeroom-blobs' }]);
  expect(config.d1_databases).toEqual([{ binding: 'DIRECTORY', database_name: 'homeroom-directory' }]);
  const ids = [...settingsIn(config)].filter(([name]) => /(^|_)id$/.test(name) && name !== 'namespace_id');
  expect(ids).toEqual([]);
  expect(Object.keys(config)).not.toContain('routes');
});

const SOURCES = globSync('{shared,worker,client}/**/*.{ts,tsx,mjs}', { cwd: packageRoot });

/** What a file imports. */
const importsOf = (source: string): string[] =>
  [...read(source).matchAll(/(?:^import|^export|\bfrom|\bimport\()\s*['"]([\w@./:-]+)['"]/gm)].map(
    ([, path = '']) => path,
  );

test('the repository has all that it needs: no file imports what lies outside or what no package brings', () => {
  const brought = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const isMissing = (source: string, path: string): boolean => {
    if (path.startsWith('.')) return relative('.', join(dirname(source), path)).startsWith('..');
    if (path.startsWith('/') || isBuiltin(path) || /^(cloudflare|virtual):/.test(path))
      return path.startsWith('/');
    return !brought.some(name => path === name || path.startsWith(`${name}/`));
  };
  const missing = SOURCES.flatMap(source =>
    importsOf(source).flatMap(path => (isMissing(source, path) ? [`${source}: ${path}`] : [])),
  );
  expect(SOURCES.length).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});

test('the button of the README leads to the repository that package.json names', () => {
  const { url } = manifest.repository;
  const button = `[![Deploy to Cloudflare](https://deploy.workers.cloudflare.com/button)](https://deploy.workers.cloudflare.com/?url=${url})`;
  expect(read('README.md').split('\n'), `README.md has to have this line:\n${button}`).toContain(button);
  // Cloudflare copies from no other places.
  expect(url).toMatch(/^https:\/\/(github|gitlab)\.com\/[^/]+\/[^/]+$/);
});
