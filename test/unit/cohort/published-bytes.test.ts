import { describe, expect, it } from 'vitest';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import {
  type KeptRun,
  keptChange,
  keptRuns,
  roleInTurn,
  shownHashes,
} from '../../support/published-bytes.ts';
import { tinyRequest } from '../../support/tiny-run.ts';
import { TestCohort } from './test-cohort.ts';

/** The cohorts of a kept run, without a platform. */
class KeptCohorts {
  private readonly kept: KeptRun;
  private readonly cohorts = new Map<string, TestCohort>();
  private readonly blobs = new MemoryBlobs();
  private manifest: Manifest;
  private readonly config;

  constructor(kept: KeptRun) {
    this.kept = kept;
    const model = kept.model();
    const { aggregation, robust } = kept;
    const spec = { ...kept.spec, aggregation, robust, codec: { name: 'f32' } } as const;
    const request = tinyRequest({ model, spec });
    this.config = { spec: request.spec, model: model.outline };
    for (const { bytes } of model.blobs) this.blobs.keep(bytes);
    const first = Object.entries(request.segments).map(([id, shards]) => [id, { version: 0, shards }]);
    this.manifest = { version: 0, segments: Object.fromEntries(first) };
  }

  /** @param isForgetful whether each cohort loses what is not in its log before the fold */
  async round(round: number, isForgetful: boolean): Promise<Manifest> {
    const { spec, model } = this.config;
    const segments = { ...this.manifest.segments };
    for (const { role, trains } of planTasks(spec, model, round)) {
      const cohort = this.cohorts.get(role) ?? new TestCohort(this.config, role, this.blobs);
      this.cohorts.set(role, cohort);
      for (let i = 0; i < this.kept.volunteers; i++)
        if (role === 'whole' || roleInTurn(i, round) === role)
          cohort.train(`volunteer${i}`, round, trains, keptChange(round, i, i === this.kept.volunteers - 1));
      if (isForgetful) cohort.evict();
      const folded = await cohort.fold(round, this.manifest);
      for (const [id, shards] of Object.entries(folded.segments))
        segments[id] = { version: round, shards: [...shards] };
    }
    this.manifest = { version: round, segments };
    return this.manifest;
  }
}

describe.each([false, true])('cohorts, evicted before each fold: %s', isForgetful => {
  it.each(keptRuns)('[PUB1] of $aggregation on $name publish the bytes that were kept', async kept => {
    const cohorts = new KeptCohorts(kept);
    for (const [i, published] of kept.published.entries())
      expect(shownHashes(await cohorts.round(i + 1, isForgetful))).toEqual(published);
  });
});
