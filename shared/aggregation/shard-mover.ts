import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../codec/safetensors.ts';
import { outerOptimizers, type Participation } from './outer-optimizer.ts';

/** Files by slot: what the outer optimizer keeps of one shard. It has the shard's learnt tensors, in their order. */
export type SlotFiles = Readonly<Record<string, Uint8Array<ArrayBufferLike>>>;

/** [PUB8] How a shard is moved if its tasks correct drift. */
export interface DriftStep extends Pick<Participation, 'allExamples'> {
  /** A slot without a file is zero. */
  readonly slots: SlotFiles;
}

/**
 * Moves the learnt tensors of one shard by the outer optimizer, one after another, and gathers what that keeps of them.
 * Without a drift step it is plain averaging, which keeps nothing.
 */
export class ShardMover {
  private readonly drift: DriftStep | undefined;
  private readonly kept: ReadonlyMap<string, ReadonlyMap<string, Float32Array>>;
  private readonly next = new Map<string, NamedTensor[]>();

  /** @throws if a slot's file does not decode: it comes from our own storage, checked by hash */
  constructor(drift?: DriftStep) {
    this.drift = drift;
    this.kept = new Map(
      Object.entries(drift?.slots ?? {}).map(([slot, file]) => {
        const decoded = decodeSafetensors(file);
        if (!decoded.ok) throw new Error(`a stored slot ${slot} does not decode: ${decoded.detail}`);
        return [slot, new Map(decoded.value.map(({ name, values }) => [name, values]))];
      }),
    );
  }

  /** @param examples of which the change is the mean */
  move(tensor: NamedTensor, change: Float32Array, examples: number): Float32Array {
    const { drift } = this;
    const optimizer = outerOptimizers[drift ? 'fed-dyn' : 'sgd'];
    const participation = { examples, allExamples: drift?.allExamples ?? examples };
    const fresh = optimizer.init(tensor.values.length, { rate: 1, participation });
    const slots = Object.entries(fresh.slots).map(
      ([slot, zeros]) => [slot, this.kept.get(slot)?.get(tensor.name) ?? zeros] as const,
    );
    const { weights, state } = optimizer.apply(tensor.values, change, {
      ...fresh,
      slots: Object.fromEntries(slots),
    });
    for (const [slot, values] of Object.entries(state.slots))
      this.next.set(slot, [...(this.next.get(slot) ?? []), { ...tensor, values }]);
    return weights;
  }

  /** Of all that was moved. */
  get slots(): Readonly<Record<string, Uint8Array<ArrayBuffer>>> {
    return Object.fromEntries([...this.next].map(([slot, tensors]) => [slot, encodeSafetensors(tensors)]));
  }
}
