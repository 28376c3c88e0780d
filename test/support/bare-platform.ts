import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { packageRoot } from '../../client/headless/package-root.ts';

/** The built Worker in memory. Its objects can be called as other objects call them. */
export async function startBarePlatform(): Promise<Miniflare> {
  const dist = join(packageRoot, 'dist/worker');
  const { options } = JSON.parse(readFileSync(join(dist, 'description.json'), 'utf8'));
  const { assets: _, modulesRules: __, ...declared } = options;
  return new Miniflare({
    ...declared,
    modules: [{ type: 'ESModule', path: 'index.js', contents: readFileSync(join(dist, 'index.js'), 'utf8') }],
    bindings: { ...declared.bindings, RUN_CREATION: 'open' },
    cf: false,
  });
}
