import { defineConfig } from 'vitest/config';

/** Where no graphics card is, the processor compiles shaders and computes in a card's place: slow on a busy machine. */
const SLOW = { testTimeout: 180_000, hookTimeout: 180_000 };
const PLATFORM = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
      },
      { test: { name: 'webgpu', include: ['test/webgpu/**/*.test.ts'], ...SLOW } },
      { test: { name: 'simulate', include: ['test/simulate/**/*.test.ts'], testTimeout: 60_000 } },
      // One process for all: each file would load the platform's libraries anew.
      { test: { name: 'worker', include: ['test/worker/**/*.test.ts'], isolate: false, ...PLATFORM } },
      { test: { name: 'headless', include: ['test/headless/**/*.test.ts'], ...PLATFORM } },
      { test: { name: 'build', include: ['test/build/**/*.test.ts'] } },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...SLOW } },
    ],
  },
});
