import { startPlatform } from '../../client/headless/local-platform/local-platform.ts';
import { platformChildSchema } from './platform-process.ts';

/** A platform in a process of its own, until its parent ends it. Its settings are JSON in the first argument. */
const settings = platformChildSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const { script, ...options } = settings;
const platform = await startPlatform({ ...options, pages: false, ...(script ? { script } : {}) });
console.log(JSON.stringify({ origin: platform.origin }));
process.on('SIGTERM', () => void platform.stop().then(() => process.exit(0)));
