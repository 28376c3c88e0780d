import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { boundMs } from './test/support/patience.ts';
import { tellLeftOut } from './test/support/tell-left-out.ts';

/** Folders of test/unit that test `shared` alone: they need no build, no tfjs and no platform. */
const PURE = [
  'aggregation',
  'codec',
  'cohort',
  'datasets',
  'federation',
  'math',
  'plan',
  'protocol',
  'replay',
  'view',
];
const PURE_FILES = PURE.map(folder => `test/unit/${folder}/**/*.test.ts`);

/** `--mode all` takes everything, any other mode the common part: test/support/extent.ts. */
const LONG_FILES = 'test/**/*.long.test.{ts,tsx}';

/** Bounds of a test and of a hook, of what a quiet machine needs. */
const within = (quietMs: number) => ({ testTimeout: boundMs(quietMs), hookTimeout: boundMs(quietMs) });

/** First, together. One file more than there are cores, because many of them wait for the platform most of the time. */
const together = { sequence: { groupOrder: 1 }, maxWorkers: availableParallelism() + 1 };

/** Then alone, file after file. Chromium and a driver that computes on the processor take every core for themselves. */
const oneAtATime = (groupOrder: number) => ({ sequence: { groupOrder }, maxWorkers: 1 });

/** What takes the libraries of tfjs or of the platform a while to load is loaded once by each process, not by each file. */
const sharedProcess = { isolate: false };

type ProjectSettings = TestProjectInlineConfiguration['test'] &
  Pick<TestProjectInlineConfiguration, 'resolve'>;

const TFJS = fileURLToPath(new URL('node_modules/@tensorflow', import.meta.url));

const folder = (name: string) => ({ name, include: [`test/${name}/**/*.test.ts`] });

/** A property of whole simulated runs takes 49 seconds if it is tried ten times as often. */
const pure = {
  ...{ name: 'pure', include: [...PURE_FILES, 'test/simulate/**/*.test.ts'] },
  ...{ ...together, ...within(90_000), ...sharedProcess },
};
const unit = { ...folder('unit'), exclude: PURE_FILES, ...together, ...within(30_000) };
const worker = { ...folder('worker'), ...together, ...within(60_000), ...sharedProcess };
const headless = { ...folder('headless'), ...together, ...within(60_000) };
/** Components without a browser: the page's own modules, on a DOM in Node. */
const web = {
  ...{ ...folder('web'), include: ['test/web/**/*.test.{ts,tsx}'], setupFiles: 'test/web/set-up.ts' },
  ...{ environment: 'happy-dom', ...together, ...within(30_000), ...sharedProcess },
};
const build = { ...folder('build'), ...together, ...within(30_000) };
/**
 * tfjs-core's own specs import its modules one by one. So they and everything else must have tfjs from those modules,
 * and not from the bundles that Node would load: there must be one tfjs.
 */
const ofModules = {
  resolve: { alias: [{ find: /^@tensorflow\/(tfjs-[a-z-]+)$/, replacement: `${TFJS}/$1/dist/index.js` }] },
  server: { deps: { inline: [/@tensorflow\/[a-z-]+\/dist\//] } },
};
const WEBGPU_SPECS = 'test/op-specs/webgpu.long.test.ts';
const opSpecs = {
  ...{ ...folder('op-specs'), exclude: [WEBGPU_SPECS] },
  ...{ ...ofModules, ...together, ...within(60_000) },
};
const webgpu = {
  ...{ ...folder('webgpu'), ...oneAtATime(2), ...within(120_000) },
  globalSetup: 'test/support/vulkan/set-up.ts',
};
const webgpuOpSpecs = {
  ...{ name: 'webgpu-op-specs', include: [WEBGPU_SPECS], globalSetup: webgpu.globalSetup },
  ...{ ...ofModules, ...oneAtATime(2), ...within(120_000) },
};
const browser = { ...folder('browser'), ...oneAtATime(3), ...within(120_000), ...sharedProcess };

export default defineConfig(({ mode }) => {
  const isEverything = mode === 'all';
  const left = isEverything ? [] : [LONG_FILES];
  const projects = [pure, unit, web, worker, headless, build, opSpecs, webgpu, webgpuOpSpecs, browser];
  return {
    test: {
      reporters: isEverything ? ['default'] : ['default', tellLeftOut(LONG_FILES)],
      env: { HOMEROOM_TESTS: isEverything ? 'all' : 'common' },
      // For test/coverage/coverage.ts, which makes the report.
      coverage: {
        ...{ provider: 'v8', include: ['shared/**/*.ts'] },
        ...{ reporter: ['json'], reportsDirectory: '.cache/coverage/vitest' },
      },
      projects: projects.map(({ resolve = {}, ...test }: ProjectSettings) => ({
        resolve,
        test: { ...test, exclude: [...(test.exclude ?? []), ...left] },
      })),
    },
  };
});
