import type { LossJob, SegmentFiles } from '../../../../client/trainer/trainer-api.ts';
import { runCheck } from '../../../../client/volunteer/referee/run-check.ts';
import { readShards } from '../../../../shared/codec/shard-layout.ts';
import type { GrantedCheck } from '../../../../shared/federation/check/check.ts';
import type { CheckVerdict } from '../../../../shared/protocol/check.ts';
import { branchesOf, segmentsOf, type TrainedExit } from '../../../../shared/protocol/lease.ts';
import { type Manifest, segmentById } from '../../../../shared/protocol/model-outline.ts';
import type { MemoryPlatform } from '../../memory-platform.ts';
import type { DenseNetwork } from '../network/dense-network.ts';
import { judge } from '../network/judge.ts';
import type { LabelledRows } from '../network/pictures.ts';
import type { DenseWeights } from '../network/train-task.ts';

/** Its pictures are at hand. */
const NO_FILES = { kind: 'parts', hashes: [], files: [] } as const;
const NO_TOPOLOGY = { topologyHash: '', topology: new Uint8Array(), macs: 0, activations: 0 } as const;

/** The host's referee: it checks what a round makes before that is out, by the code of the product's referees. */
export class ArenaReferee {
  private readonly platform: MemoryPlatform;
  private readonly network: DenseNetwork;
  private readonly volunteer: string;
  private readonly root: LabelledRows;
  private checks = 0;

  /** @param root pictures of the root set */
  constructor(platform: MemoryPlatform, network: DenseNetwork, volunteer: string, root: LabelledRows) {
    this.platform = platform;
    this.network = network;
    this.volunteer = volunteer;
    this.root = root;
  }

  /**
   * Asks for something to check, and checks it. Before it has asked once, no round waits for it.
   * @returns whether there was something
   */
  async check(): Promise<boolean> {
    const { platform, volunteer } = this;
    this.checks += 1;
    const { check } = platform.input({ type: 'request-check', volunteer, check: `check${this.checks}` });
    if (check?.type !== 'check') return false;
    await runCheck({
      config: platform.config,
      check,
      files: this.filesOf(check),
      ports: {
        losses: async job => this.losses(job),
        verdict: async found => this.tell(check, found),
        envelopes: async ({ role, round }) => platform.envelopes(role, round),
      },
    });
    return true;
  }

  private tell({ id: check }: GrantedCheck, verdict: CheckVerdict) {
    const { volunteer } = this;
    const reply = this.platform.input({ type: 'checked', volunteer, check, verdict }).verdict;
    if (!reply) throw new Error('the machine gave no reply to a verdict');
    return reply;
  }

  private filesOf({ task, before, candidate }: GrantedCheck) {
    const ids = segmentsOf(task);
    const files = (id: string): SegmentFiles => {
      const { tensors } = segmentById(this.network.outline, id);
      return { ...NO_TOPOLOGY, tensors, shards: this.shardsOf(before, id) };
    };
    const segments = Object.fromEntries(ids.map(id => [id, files(id)]));
    return {
      before: { task, segments, examples: NO_FILES, microBatch: 1 },
      candidate: Object.fromEntries(ids.map(id => [id, this.shardsOf(candidate, id)])),
    };
  }

  private shardsOf({ segments }: Manifest, id: string): Uint8Array[] {
    return (segments[id]?.shards ?? []).map(({ sha256 }) => this.platform.blobs.read(sha256));
  }

  private losses({ task, segments }: LossJob): number[] {
    const weights: DenseWeights = new Map(
      Object.entries(segments).map(([id, files]) => [id, weightsIn(id, files)]),
    );
    return task.exits.map(exit => {
      const way = [...task.path.slice(0, task.path.indexOf(branchOf(exit).after) + 1), ...exit.through];
      const { lossSum, examples } = judge(this.network, weights, this.root, way);
      return lossSum / examples;
    });
  }
}

/** @throws if several branches answer together: a plan for which this trainer is too small */
function branchOf(exit: TrainedExit) {
  const [branch, ...others] = branchesOf(exit);
  if (!branch || others.length > 0) throw new Error('the bench measures exits of one branch');
  return branch;
}

function weightsIn(id: string, { tensors, shards }: SegmentFiles): Float32Array[] {
  const read = readShards(tensors, shards);
  if (!read.ok) throw new Error(`segment ${id} cannot be read: ${read.detail ?? read.reason}`);
  return read.value.map(({ values }) => values);
}
