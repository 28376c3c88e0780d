import { fileURLToPath } from 'node:url';

/** Root of the package, where package.json, dist/ and wrangler.toml lie. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');
