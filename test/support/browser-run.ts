import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Remote } from 'comlink';
import { type Platform, startPlatform } from '../../client/headless/local-platform/local-platform.ts';
import { startTrainer } from '../../client/headless/trainer-thread/start-trainer.ts';
import { createRun } from '../../client/host/create-run.ts';
import { defaultSpec } from '../../client/host/default-spec.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import type { TrainerApi } from '../../client/trainer/trainer-api.ts';
import { fewGlyphs } from './local-trainer.ts';

export interface BrowserPlatform {
  readonly platform: Platform;
  readonly client: HomeroomClient;
  stop(): Promise<void>;
}

/** The platform with its pages, on a folder that goes with it. */
export async function startBrowserPlatform(
  bindings: Readonly<Record<string, string>> = {},
): Promise<BrowserPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-'));
  const platform = await startPlatform({ folder, port: 0, pages: true, bindings });
  const stop = async (): Promise<void> => {
    await platform.stop();
    await rm(folder, { recursive: true });
  };
  return { platform, client: new HomeroomClient(platform.origin), stop };
}

/** Starts a trainer that builds models, for as long as this takes. */
export async function withTrainer<T>(act: (trainer: Remote<TrainerApi>) => Promise<T>): Promise<T> {
  const thread = startTrainer();
  try {
    await thread.trainer.start({ backend: 'wasm' });
    return await act(thread.trainer);
  } finally {
    await thread.stop();
  }
}

export interface BrowserRunOptions {
  readonly rounds: number;
  readonly minVolunteers: number;
  /** What its host does after it has made the run, beside opening it. */
  readonly afterwards?: 'pause' | 'finish';
}

/** A run of the tiny CNN on few pictures: small enough for WebGPU without a graphics card. */
export async function createBrowserRun(
  client: HomeroomClient,
  trainer: Remote<TrainerApi>,
  { rounds, minVolunteers, afterwards }: BrowserRunOptions,
): Promise<string> {
  const dataset = { ...fewGlyphs, trainParts: 8 };
  const spec = defaultSpec({
    ...{ name: 'a run in a browser', seed: 1, dataset, plan: 'layer-to-layer' },
    // More than it reaches in a test: no run ends before its rounds do.
    ...{ rounds, targetAccuracy: 1 },
  });
  const policy = { minVolunteers, updatesPerRound: 2 };
  const training = { partsPerLease: 2, batch: 16, learningRate: 0.1 };
  const options = { client, trainer, model: 'cnn-tiny', spec: { ...spec, policy, training } };
  const { run, hostKey } = await createRun(options);
  if (afterwards) await client.control(run, afterwards, hostKey);
  return run;
}
