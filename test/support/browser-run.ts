import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Platform, startPlatform } from '../../client/headless/local-platform/local-platform.ts';
import { startTrainer } from '../../client/headless/trainer-thread/start-trainer.ts';
import { createRun } from '../../client/host/create-run.ts';
import { defaultSpec } from '../../client/host/default-spec.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { runPage } from '../../shared/protocol/paths.ts';
import { fewGlyphs } from './local-trainer.ts';

/** WebGPU on SwiftShader, so that it runs without a GPU; no call home. */
const FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: FLAGS, headless: true });

export interface BrowserPlatform {
  readonly platform: Platform;
  readonly client: HomeroomClient;
  stop(): Promise<void>;
}

/** The platform with its pages, on a folder that goes with it. */
export async function startBrowserPlatform(): Promise<BrowserPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-'));
  const platform = await startPlatform({ folder, port: 0, pages: true });
  const stop = async (): Promise<void> => {
    await platform.stop();
    await rm(folder, { recursive: true });
  };
  return { platform, client: new HomeroomClient(platform.origin), stop };
}

/** A run of the tiny CNN on few pictures: small enough for WebGPU without a GPU. */
export async function createBrowserRun(
  client: HomeroomClient,
  rounds: number,
  minVolunteers: number,
): Promise<string> {
  const thread = startTrainer();
  await thread.trainer.start({ backend: 'wasm' });
  const dataset = { ...fewGlyphs, trainParts: 8 };
  const spec = defaultSpec({
    name: 'two tabs',
    seed: 1,
    dataset,
    plan: 'layer-to-layer',
    rounds,
    targetAccuracy: 0.5,
  });
  const policy = { minVolunteers, updatesPerRound: 2 };
  const training = { partsPerLease: 2, batch: 16, learningRate: 0.1 };
  const { run } = await createRun({
    client,
    trainer: thread.trainer,
    model: 'cnn-tiny',
    spec: { ...spec, policy, training },
  });
  await thread.stop();
  return run;
}

/** The run page in a tab that volunteers by itself on this backend; `prepare` comes before anything is loaded. */
export async function openVolunteer(
  browser: Browser,
  origin: string,
  run: string,
  name: string,
  backend: string,
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await prepare(page);
  await page.goto(`${origin}${runPage(run)}?backend=${backend}&name=${name}&join=1`);
  return page;
}

export const textOf = async (page: Page, testid: string): Promise<string> =>
  (await page.getByTestId(testid).first().textContent()) ?? '';
