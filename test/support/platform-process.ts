import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { boundMs } from './patience.ts';

export const platformChildSchema = z.object({
  folder: z.string(),
  port: z.number().default(0),
  script: z.string().optional(),
  bindings: z.record(z.string(), z.string()).default({}),
});
export type PlatformSettings = z.input<typeof platformChildSchema>;

interface ProcessOptions {
  /** Goes before the command: a shell with limits, or a program that changes the clock. */
  readonly wrap?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const CHILD = fileURLToPath(new URL('./platform-child.ts', import.meta.url));

const upSchema = z.object({ origin: z.string() });

/** A platform in a process of its own, so that it can be killed and measured. */
export class PlatformProcess {
  readonly origin: string;
  private readonly child: ChildProcess;
  private readonly said: () => string;

  private constructor(child: ChildProcess, origin: string, said: () => string) {
    this.child = child;
    this.origin = origin;
    this.said = said;
  }

  /** @throws with what the platform said, if it ended or told no address in time */
  static async start(settings: PlatformSettings, options: ProcessOptions = {}): Promise<PlatformProcess> {
    const command = [...(options.wrap ?? []), process.execPath, CHILD, JSON.stringify(settings)];
    const [program = '', ...args] = command;
    const env = { ...process.env, ...options.env };
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk).slice(-20_000);
    });
    try {
      return new PlatformProcess(child, await originOf(child), () => errors);
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`${error instanceof Error ? error.message : error}\n${errors}`);
    }
  }

  /** What it has written to standard error, the last part of it. */
  get errors(): string {
    return this.said();
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it as a user does. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends this process and workerd in the middle of whatever they do. */
  async kill(): Promise<void> {
    const workers = this.workerds();
    await this.end('SIGKILL');
    for (const pid of workers) killIfThere(pid);
  }

  /** Ends workerd alone. */
  killWorkerd(): void {
    for (const pid of this.workerds()) killIfThere(pid);
  }

  /** Memory that workerd has in use, in MB. 0 if it is not there. */
  rssMB(): number {
    const kilobytes = this.workerds().map(pid => Number(/VmRSS:\s*(\d+)/.exec(statusOf(pid))?.[1] ?? 0));
    return kilobytes.reduce((sum, each) => sum + each, 0) / 1_000;
  }

  /** Time of the processors that workerd has taken so far, in ms. 0 if it is not there. */
  cpuMs(): number {
    return this.workerds().reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  }

  private workerds(): number[] {
    return this.child.pid === undefined ? [] : descendants(this.child.pid).filter(isWorkerd);
  }

  private end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!this.isRunning) return Promise.resolve();
    return new Promise(resolve => {
      this.child.once('exit', () => resolve());
      this.child.kill(signal);
    });
  }
}

function originOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the platform did not start in time')), boundMs(30_000));
    const done = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    if (!child.stdout) throw new Error('the platform has no output');
    createInterface(child.stdout).once('line', line =>
      done(() => resolve(upSchema.parse(JSON.parse(line)).origin)),
    );
    child.once('error', error => done(() => reject(error)));
    child.once('exit', code => done(() => reject(new Error(`the platform ended with ${code}`))));
  });
}

/** Whatever a process has started, and those in turn. Linux alone tells it in this way. */
function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => [Number(name), Number(/PPid:\s*(\d+)/.exec(statusOf(Number(name)))?.[1] ?? 0)] as const);
  const below = (one: number): number[] =>
    parents.flatMap(([child, parent]) => (parent === one ? [child, ...below(child)] : []));
  return below(pid);
}

/** Empty if the process is gone. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

/** A hundredth of a second, as Linux counts. */
const TICK_MS = 10;

/** `pid (name) state …`: user and system time are the 12th and 13th field behind the name. */
function cpuMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return 0;
  }
}

const isWorkerd = (pid: number): boolean => /Name:\s*workerd/.test(statusOf(pid));

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
