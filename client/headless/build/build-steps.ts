import { join } from 'node:path';

export type StepName = 'kernels' | 'pages' | 'worker';

/** One step of the build: from which files, by which tools, into which folder. Paths are below the package's root. */
export interface BuildStep {
  readonly name: StepName;
  /** What it makes, in words for people. */
  readonly makes: string;
  readonly inputs: readonly string[];
  /** Names of the variables of the environment that the output depends on. */
  readonly variables?: readonly string[];
  readonly output: string;
  /** Scripts with their arguments that fill an empty folder. They run in Node, at the same time. */
  readonly tools: (folder: string) => readonly (readonly string[])[];
}

/**
 * The versions of all tools and libraries. The first file names those that are installed, but only npm writes it. The
 * other two name those that are asked for.
 */
const VERSIONS = ['node_modules/.package-lock.json', 'package-lock.json', 'package.json'];

const ASC = 'node_modules/assemblyscript/bin/asc.js';
const VITE = 'node_modules/vite/bin/vite.js';
const WRANGLER = 'node_modules/wrangler/bin/wrangler.js';
const DESCRIBE_WORKER = 'client/headless/build/describe-worker.ts';

const compileKernels = (target: 'simd' | 'relaxed', folder: string): readonly string[] => [
  ...[ASC, '--config', 'client/trainer/simd/assembly/asconfig.json', '--target', target],
  ...['--outFile', join(folder, `kernels-${target}.wasm`)],
];

const kernels: BuildStep = {
  name: 'kernels',
  makes: 'training kernels',
  inputs: ['client/trainer/simd/assembly', ...VERSIONS],
  output: 'client/trainer/simd/build',
  tools: folder => [compileKernels('simd', folder), compileKernels('relaxed', folder)],
};

const pages: BuildStep = {
  name: 'pages',
  makes: 'pages',
  inputs: [
    ...['shared', 'client/platform', 'client/trainer', 'client/volunteer', 'client/host', 'client/web'],
    ...['vite.config.ts', 'client/headless/build/with-origin.ts', 'tsconfig.json', ...VERSIONS],
  ],
  variables: ['HOMEROOM_ORIGIN'],
  output: 'dist/web',
  tools: folder => [
    [VITE, 'build', '--logLevel', 'warn', '--outDir', folder],
    [
      VITE,
      'build',
      '--config',
      'client/web/exported/vite.config.ts',
      '--logLevel',
      'warn',
      '--outDir',
      folder,
    ],
  ],
};

const worker: BuildStep = {
  name: 'worker',
  makes: 'Worker',
  inputs: [
    ...['shared', 'worker', 'wrangler.toml', 'tsconfig.json', DESCRIBE_WORKER, ...VERSIONS],
    // Wrangler adds the settings of these to those of wrangler.toml, if there are any.
    ...['.dev.vars', '.env', '.env.local'],
  ],
  output: 'dist/worker',
  tools: folder => [
    [WRANGLER, 'deploy', '--dry-run', '--outdir', folder],
    [DESCRIBE_WORKER, folder],
  ],
};

/**
 * The order matters. The pages contain the kernels, and wrangler builds the Worker only if the folder of pages is
 * there.
 */
export const buildSteps: readonly BuildStep[] = [kernels, pages, worker];
