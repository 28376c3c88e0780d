import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import {
  type Platform,
  type PlatformOptions,
  startPlatform,
} from '../../client/headless/local-platform/local-platform.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { COUNTED_WORKER, isCounted, keepCounts } from '../coverage/counted-worker.ts';

type TestOptions = Partial<Pick<PlatformOptions, 'inspectorPort' | 'script' | 'pages' | 'withoutR2'>>;

/** The Worker on workerd with R2, D1 and SQLite in a folder of its own; `npm run build` comes first. */
export class TestPlatform {
  private running: Platform | null = null;
  private reached: HomeroomClient | null = null;
  private path: string | null = null;
  private readonly bindings: Readonly<Record<string, string>>;
  private readonly options: TestOptions;

  /** @param options a `script` is a Worker to run in place of the built one; without `pages` no page is served */
  constructor(bindings: Readonly<Record<string, string>> = {}, options: TestOptions = {}) {
    this.bindings = bindings;
    this.options = { ...(isCounted ? { script: COUNTED_WORKER } : {}), ...options };
  }

  /** A new one after each start: the port is any free one. */
  get client(): HomeroomClient {
    if (!this.reached) throw new Error('the platform is not running');
    return this.reached;
  }

  get folder(): string {
    if (!this.path) throw new Error('the platform was never started');
    return this.path;
  }

  async start(): Promise<void> {
    this.path ??= await mkdtemp(join(tmpdir(), 'homeroom-worker-'));
    const { bindings } = this;
    this.running = await startPlatform({
      folder: this.path,
      port: 0,
      pages: false,
      bindings,
      ...this.options,
    });
    this.reached = new HomeroomClient(this.running.origin);
  }

  async stop(): Promise<void> {
    if (this.options.script === COUNTED_WORKER && this.running) await keepCounts(this.running.origin);
    await this.stopAtOnce();
  }

  /** In the middle of whatever it does. What it has counted for the coverage report is lost. */
  async stopAtOnce(): Promise<void> {
    this.reached = null;
    await this.running?.stop();
    this.running = null;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async remove(): Promise<void> {
    await this.stop();
    if (this.path) await rm(this.path, { recursive: true, force: true });
  }
}

/** One platform for all tests of a file. */
export function usePlatform(bindings?: Readonly<Record<string, string>>): TestPlatform {
  const platform = new TestPlatform(bindings);
  beforeAll(() => platform.start());
  afterAll(() => platform.remove());
  return platform;
}
