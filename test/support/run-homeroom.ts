import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../client/headless/package-root.ts';

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  /** Ctrl-C as soon as the output says this. */
  readonly interruptOn?: RegExp;
  /** Beside those of this process. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs the homeroom command as a user would, to its end. */
export function runHomeroom(
  args: readonly string[],
  { interruptOn, variables }: RunOptions = {},
): Promise<Ended> {
  const command = spawn(process.execPath, [join(packageRoot, 'client/headless/homeroom.mjs'), ...args], {
    cwd: packageRoot,
    env: { ...process.env, ...variables },
  });
  let [stdout, stderr, isInterrupted] = ['', '', false];
  command.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    if (isInterrupted || !interruptOn?.test(stdout)) return;
    isInterrupted = true;
    command.kill('SIGINT');
  });
  command.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    command.on('error', reject).on('close', status => resolve({ status, stdout, stderr }));
  });
}
