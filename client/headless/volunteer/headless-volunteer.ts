import { availableParallelism, freemem } from 'node:os';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import type { BackendChoice } from '../../trainer/trainer-api.ts';
import { runVolunteer } from '../../volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../volunteer/volunteer-control.ts';
import type { VolunteerStatus } from '../../volunteer/volunteer-status.ts';
import { startTrainer, type TrainerThread } from '../trainer-thread/start-trainer.ts';
import { openVolunteerStores } from './volunteer-stores.ts';

export interface HeadlessOptions {
  readonly client: HomeroomClient;
  readonly run: string;
  readonly name: string;
  /** Where downloaded blobs are kept. */
  readonly cacheFolder: string;
  readonly backend: BackendChoice;
  /** The most threads that may train on the processor. */
  readonly threads: number;
  /** The most memory that training may take, in MB. If it is left out, this process's share of what is free. */
  readonly memoryMB?: number | undefined;
  readonly code?: string;
  /** A trainer that runs already. If left out, one is started. */
  readonly thread?: TrainerThread;
  readonly onStatus?: (status: VolunteerStatus) => void;
}

export interface HeadlessVolunteer {
  readonly control: VolunteerControl;
  /** Resolves at the run's end or after a stop. Rejects if the volunteer failed. */
  readonly done: Promise<VolunteerStatus>;
}

/** Starts a volunteer in Node. Its loop runs here, tfjs in a thread of its own. */
export function startHeadlessVolunteer(options: HeadlessOptions): HeadlessVolunteer {
  const { client, run, name, cacheFolder, backend, threads, code, onStatus } = options;
  const thread = options.thread ?? startTrainer();
  const control = new VolunteerControl();
  const done = runVolunteer({
    client,
    run,
    name,
    control,
    trainer: thread.trainer,
    trainerOptions: { backend, threads },
    ...openVolunteerStores(cacheFolder),
    memoryMB: options.memoryMB ?? Math.round(freemem() / availableParallelism() / 1e6),
    ...(code === undefined ? {} : { code }),
    ...(onStatus === undefined ? {} : { onStatus }),
  }).finally(() => thread.stop());
  return { control, done };
}
