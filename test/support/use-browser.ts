import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startTrainer, type TrainerThread } from '../../client/headless/trainer-thread/start-trainer.ts';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { runPage } from '../../shared/protocol/paths.ts';
import {
  type BrowserPlatform,
  type BrowserRunOptions,
  createBrowserRun,
  startBrowserPlatform,
} from './browser-run.ts';
import { boundMs } from './patience.ts';

/** WebGPU on SwiftShader, so that it runs without a graphics card; a camera that shows a test picture; no call home. */
const FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--use-fake-device-for-media-stream',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: FLAGS, headless: true });

const NO_RUN_ENDS = 1_000;

export interface PageOptions extends BrowserContextOptions {
  readonly hasAgreed?: boolean;
}

export interface VolunteerOptions {
  readonly name?: string;
  readonly backend?: string;
  /** What is done with the tab before anything is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** A browser and a platform with its pages. */
export class TestBrowser {
  private readonly executablePath: string;
  private browser: Browser | null = null;
  private home: BrowserPlatform | null = null;
  private builder: TrainerThread | null = null;
  private contexts: BrowserContext[] = [];

  constructor(executablePath: string) {
    this.executablePath = executablePath;
  }

  get client(): HomeroomClient {
    if (!this.home) throw new Error('the platform is not running');
    return this.home.client;
  }

  get origin(): string {
    return this.client.origin;
  }

  async start(bindings?: Readonly<Record<string, string>>): Promise<void> {
    this.builder = startTrainer();
    [this.home, this.browser] = await Promise.all([
      startBrowserPlatform(bindings),
      launchBrowser(this.executablePath),
      this.builder.trainer.start({ backend: 'wasm' }),
    ]);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.builder?.stop();
    await this.home?.stop();
  }

  /**
   * In a profile of its own, which shares nothing with another tab.
   * @param hasAgreed whether its user has agreed before to train in this browser. If so, a link may start it
   */
  async newPage({ hasAgreed = true, ...options }: PageOptions = {}): Promise<Page> {
    if (!this.browser) throw new Error('the browser is not running');
    const context = await this.browser.newContext(options);
    context.setDefaultTimeout(boundMs(30_000));
    if (hasAgreed)
      await context.addInitScript(() => localStorage.setItem('homeroom:agreed-to-train', 'true'));
    this.contexts.push(context);
    return context.newPage();
  }

  async closePages(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map(context => context.close()));
  }

  /** A run that waits for volunteers. Unless told otherwise, it has no end, and one volunteer is enough. */
  createRun({
    rounds = NO_RUN_ENDS,
    minVolunteers = 1,
    ...more
  }: Partial<BrowserRunOptions> = {}): Promise<string> {
    if (!this.builder) throw new Error('the trainer is not running');
    return createBrowserRun(this.client, this.builder.trainer, { rounds, minVolunteers, ...more });
  }

  /** The run's page in a tab that volunteers by itself. */
  async openVolunteer(run: string, options: VolunteerOptions = {}): Promise<Page> {
    const { name = 'Ada', backend = 'wasm', prepare } = options;
    const page = await this.newPage();
    await prepare?.(page);
    await page.goto(`${this.origin}${runPage(run)}?backend=${backend}&name=${name}&join=1`);
    return page;
  }
}

/**
 * One browser and one platform for all tests of a file. Tabs are closed after each test.
 * @param settings called before the platform starts, for those that differ from a laptop's
 */
export function useBrowser(
  executablePath: string | null,
  settings?: () => Promise<Readonly<Record<string, string>>>,
): TestBrowser {
  const browser = new TestBrowser(executablePath ?? '');
  beforeAll(async () => browser.start(await settings?.()));
  afterEach(() => browser.closePages());
  afterAll(() => browser.stop());
  return browser;
}

export const textOf = async (page: Page, testid: string): Promise<string> =>
  (await page.getByTestId(testid).first().textContent()) ?? '';
