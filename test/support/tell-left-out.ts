import { globSync } from 'node:fs';
import type { Reporter } from 'vitest/node';

const leftOut = (longFiles: string): string =>
  [
    '',
    '!!! This was the common part of the tests. `npm run test:all` runs everything. It has beyond this:',
    '    - every case of the table of kernels, on WASM and on WebGPU; here it was a sample',
    '    - ten times as many runs of every property',
    '    - every network, head and plan that a test is repeated for; here it was the first one or two',
    ...globSync(longFiles).map(file => `    - ${file}`),
    '',
  ].join('\n');

/** Says at the end of a run what was not tested. */
export const tellLeftOut = (longFiles: string): Reporter => ({
  onTestRunEnd: () => console.log(leftOut(longFiles)),
});
