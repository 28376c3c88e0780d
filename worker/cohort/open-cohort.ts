import { CohortMachine } from '../../shared/cohort/cohort-machine.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { coordinatorOf } from '../coordinator/coordinator-of.ts';
import type { Env } from '../env.ts';
import { archiveFolder } from '../storage/archives.ts';
import { bucketOf } from '../storage/bucket-of.ts';
import { bucketBlobs } from './bucket-blobs.ts';
import { bucketEnvelopes } from './bucket-envelopes.ts';
import { bucketSums } from './bucket-sums.ts';
import type { CohortStore, Sender } from './cohort-store.ts';
import { sketchSeeds } from './sketch-seeds.ts';

/** A cohort machine, and the settings that it was made of. */
export interface OpenCohort {
  readonly config: RunConfig;
  readonly machine: CohortMachine;
}

/**
 * The machine of a cohort over its rows and the bucket. Its settings are asked of the coordinator once and kept.
 * @throws if the coordinator knows no such run
 */
export async function openCohort(env: Env, log: CohortStore, sender: Sender): Promise<OpenCohort> {
  const { run, role, cohort = 0 } = sender;
  const config = await knownConfig(env, log, run);
  const seedOf = await sketchSeeds(env, run);
  const blobs = bucketBlobs(bucketOf(env), run);
  const envelopes = bucketEnvelopes(bucketOf(env), round => archiveFolder({ run, role, round, cohort }));
  const sums = bucketSums(
    bucketOf(env),
    cohort === 0 ? `sums/${run}/${role}` : `sums/${run}/${role}.${cohort}`,
  );
  return { config, machine: new CohortMachine(config, role, { log, blobs, envelopes, sums, seedOf }) };
}

async function knownConfig(env: Env, store: CohortStore, run: string): Promise<RunConfig> {
  const kept = store.config();
  if (kept) return kept;
  const asked = await coordinatorOf(env, run).config();
  if (!asked.ok) throw new Error(`run ${run} is unknown to its coordinator`);
  store.setConfig(asked.value);
  return asked.value;
}
