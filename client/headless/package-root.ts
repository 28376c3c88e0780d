import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the package: the folder of package.json, dist/ and wrangler.toml. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** Where `npx homeroom start` keeps runs, weights and data, unless it is told otherwise. */
export const platformFolder = join(packageRoot, '.homeroom', 'platform');
