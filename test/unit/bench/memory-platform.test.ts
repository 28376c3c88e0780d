import { expect, it } from 'vitest';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import { runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { LeaseWork } from '../../bench/attacks/arena/lease-work.ts';
import { denseNetwork, firstWeights } from '../../bench/attacks/network/dense-network.ts';
import { MemoryPlatform } from '../../bench/memory-platform.ts';
import { smallSpec } from '../federation/small-run.ts';

const network = denseNetwork(4, 3);
const spec = runSpecSchema.parse(smallSpec({ plan: { name: 'conventional' }, rounds: 9 }));
const pictures = { inputs: new Float32Array(32).fill(0.5), labels: Uint8Array.of(1, 2), size: 16 };

/** A run of one volunteer and its host, who judges too. */
class TinyRun {
  readonly platform = new MemoryPlatform({ spec, model: network.outline }, firstWeights(network, 1));
  readonly versions = new Map<number, Manifest>();
  private readonly work: LeaseWork;

  constructor() {
    const { config, blobs, state } = this.platform;
    this.work = new LeaseWork(config, network, blobs, state.manifest);
    this.platform.join('volunteer');
    this.platform.join('host', 0, true);
  }

  /** Each does one lease. */
  async turn(): Promise<void> {
    for (const who of ['volunteer', 'host']) this.serve(who);
    await this.platform.foldAll();
    const { manifest } = this.platform.state;
    this.versions.set(manifest.version, manifest);
  }

  private serve(who: string): void {
    const grant = this.platform.ask(who);
    if (grant?.type !== 'lease') return;
    const { role, parts } = grant.lease;
    const examples = grant.lease.examples / parts.length;
    const trained = role === 'evaluator' ? null : this.work.train(grant, pictures);
    const judged = { examples, correct: Math.round(examples / 2), lossSum: examples };
    const envelope = trained
      ? this.work.updateEnvelope(grant, trained)
      : this.work.judgementEnvelope(
          grant,
          parts.map(() => judged),
        );
    this.platform.send(grant, envelope);
  }
}

it('[BACK1] [BACK4] returns to the shards of a version that was judged, and trains on', async () => {
  const run = new TinyRun();
  const judged = (): number => run.platform.state.judged?.at(-1)?.version ?? 0;
  while (judged() === 0 || run.platform.state.manifest.version <= judged()) await run.turn();
  const [to, newest] = [judged(), run.platform.state.manifest];
  expect(newest.segments).not.toEqual(run.versions.get(to)?.segments);
  run.platform.input({ type: 'take-back', to });
  await run.platform.foldAll();
  const { manifest } = run.platform.state;
  expect(manifest.version).toBe(newest.version + 1);
  expect(manifest.segments).toEqual(run.versions.get(to)?.segments);
  while (run.platform.state.manifest === manifest) await run.turn();
  expect(run.platform.state.manifest.version).toBe(manifest.version + 1);
});
