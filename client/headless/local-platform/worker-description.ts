import type { Unstable_MiniflareWorkerOptions } from 'wrangler';

/**
 * What the local platform has to know of the Worker beside its script. The build writes it (`build/describe-worker`).
 */
export interface WorkerDescription {
  /** What wrangler.toml declares, as Miniflare takes it. */
  readonly options: Unstable_MiniflareWorkerOptions['workerOptions'];
}
