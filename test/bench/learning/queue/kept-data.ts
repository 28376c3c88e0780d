import { type BenchData, type DatasetName, loadData } from '../bench-data.ts';
import type { LearningRun } from '../learning-run.ts';

/** The pictures of the last run; those of the next are mostly the same. */
export class KeptData {
  private last: { readonly key: string; readonly data: BenchData } | null = null;

  /** @throws as `loadData` does */
  async for(dataset: DatasetName, { examples, split }: LearningRun): Promise<BenchData> {
    const key = JSON.stringify([dataset, examples, split]);
    if (this.last?.key !== key) this.last = { key, data: await loadData(dataset, examples, split) };
    return this.last.data;
  }
}
