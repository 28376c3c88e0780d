import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'simulate', include: ['test/simulate/**/*.test.ts'], testTimeout: 60_000 } },
      // One process for all: each file would load the platform's libraries anew.
      {
        test: { name: 'worker', include: ['test/worker/**/*.test.ts'], testTimeout: 60_000, isolate: false },
      },
      { test: { name: 'headless', include: ['test/headless/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'build', include: ['test/build/**/*.test.ts'] } },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 180_000 } },
    ],
  },
});
