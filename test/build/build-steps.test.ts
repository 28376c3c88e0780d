import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, it, vi } from 'vitest';
import { buildSteps } from '../../client/headless/build/build-steps.ts';
import { buildUpTo } from '../../client/headless/build/build-up-to.ts';
import { hashInputs } from '../../client/headless/build/stamp.ts';
import { withOrigin } from '../../client/headless/build/with-origin.ts';
import { packageRoot } from '../../client/headless/package-root.ts';
import { runHomeroom } from '../support/run-homeroom.ts';

it('`homeroom build` says that everything is built when it is', async () => {
  await runHomeroom(['build']);
  const { status, stdout, stderr } = await runHomeroom(['build']);
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: 'Everything is built.\n' });
});

it('the Worker is built from no file that a change of would go unnoticed', () => {
  const map: { sources: string[] } = JSON.parse(
    readFileSync(join(packageRoot, 'dist/worker/index.js.map'), 'utf8'),
  );
  const own = map.sources
    .map(source => relative(packageRoot, resolve(packageRoot, 'dist/worker', source)))
    .filter(source => !source.startsWith('node_modules'));
  const { inputs } = buildSteps.find(({ name }) => name === 'worker') ?? { inputs: [] };
  expect(own).toContain('worker/index.ts');
  expect(own.filter(source => !inputs.some(input => source.startsWith(`${input}/`)))).toEqual([]);
});

it('the Worker is out of date when a setting changes that wrangler adds to wrangler.toml', () => {
  const root = mkdtempSync(join(tmpdir(), 'homeroom-settings-'));
  const [worker] = buildSteps.filter(({ name }) => name === 'worker');
  const hash = () => worker && hashInputs(root, worker);
  const before = hash();
  writeFileSync(join(root, '.dev.vars'), 'RUN_CREATION=closed');
  expect(hash()).not.toBe(before);
  rmSync(root, { recursive: true });
});

it('the picture of a shared link has the whole address that the deployment is told, and the pages are built anew for it', () => {
  const html = readFileSync(join(packageRoot, 'client/web/index.html'), 'utf8');
  expect(withOrigin(html)).toBe(html);
  expect(withOrigin(html, 'https://homeroom.example/')).toContain(
    '<meta property="og:image" content="https://homeroom.example/card.png" />',
  );
  expect(() => withOrigin(html, 'homeroom.example')).toThrow(/it takes an address such as https:/);
  const [pages] = buildSteps.filter(({ name }) => name === 'pages');
  const hash = () => pages && hashInputs(packageRoot, pages);
  const before = hash();
  vi.stubEnv('HOMEROOM_ORIGIN', 'https://homeroom.example');
  expect(hash()).not.toBe(before);
  vi.unstubAllEnvs();
  expect(hash()).toBe(before);
});

it.each(buildSteps)('the step $name is out of date when a tool is upgraded, whoever installs it', step => {
  const root = mkdtempSync(join(tmpdir(), 'homeroom-versions-'));
  const manifest = (version: string): string => JSON.stringify({ devDependencies: { vite: version } });
  writeFileSync(join(root, 'package.json'), manifest('7.0.0'));
  const before = hashInputs(root, step);
  writeFileSync(join(root, 'package.json'), manifest('7.0.1'));
  expect(hashInputs(root, step)).not.toBe(before);
  writeFileSync(join(root, 'package.json'), manifest('7.0.0'));
  writeFileSync(join(root, 'package-lock.json'), '{}');
  expect(hashInputs(root, step)).not.toBe(before);
  rmSync(root, { recursive: true });
});

it('a broken kernel fails with the compiler’s own message', async () => {
  const root = mkdtempSync(join(tmpdir(), 'homeroom-kernels-'));
  const sources = 'client/trainer/simd/assembly';
  cpSync(join(packageRoot, sources), join(root, sources), { recursive: true });
  symlinkSync(join(packageRoot, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, sources, 'sums.ts'), 'export function sumMiddle(: void {}');
  let told = '';
  const build = buildUpTo('kernels', { root, stream: { write: text => (told += text) } });
  await expect(build).rejects.toMatchObject({ name: 'BuildFailure', status: 1 });
  expect(stripVTControlCharacters(told)).toMatch(/ERROR TS\d+.*\n.*\n.*sumMiddle\(: void/);
  rmSync(root, { recursive: true });
});
