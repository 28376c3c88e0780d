import { fileURLToPath } from 'node:url';

/** Root of the package: the folder of package.json, dist/ and wrangler.toml. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');
