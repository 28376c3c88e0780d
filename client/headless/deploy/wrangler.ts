import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

export interface WranglerRun {
  readonly ok: boolean;
  /** What it has printed, without colours. */
  readonly output: string;
}

interface WranglerOptions {
  /** Whether people see what it prints as it comes, and can answer it. */
  readonly isShown: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the wrangler of this project on its folder. */
export function runWrangler(
  args: readonly string[],
  { isShown, env = {} }: WranglerOptions,
): Promise<WranglerRun> {
  const child = spawn(
    process.execPath,
    [join(packageRoot, 'node_modules/wrangler/bin/wrangler.js'), ...args],
    {
      cwd: packageRoot,
      stdio: [isShown ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0', WRANGLER_SEND_METRICS: 'false', ...env },
    },
  );
  let output = '';
  const keep = (to: NodeJS.WriteStream) => (chunk: Buffer) => {
    output += chunk;
    if (isShown) to.write(chunk);
  };
  child.stdout.on('data', keep(process.stdout));
  child.stderr.on('data', keep(process.stderr));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', status => resolve({ ok: status === 0, output }));
  });
}
