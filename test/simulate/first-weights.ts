import { elementCount, layoutShards, writeShards } from '../../shared/codec/shard-layout.ts';
import { initialState, type RunState } from '../../shared/federation/run-state.ts';
import type { ModelOutline } from '../../shared/protocol/model-outline.ts';
import type { MemoryBlobs } from '../support/memory-blobs.ts';

/** A run of this model whose weights all begin at zero. */
export function firstWeights({ segments }: ModelOutline, blobs: MemoryBlobs): RunState {
  const shards = segments.map(({ id, tensors }) => {
    const zeros = tensors.map(tensor => ({ ...tensor, values: new Float32Array(elementCount(tensor)) }));
    return [id, writeShards(zeros, layoutShards(zeros)).map(bytes => blobs.keep(bytes))] as const;
  });
  return initialState(Object.fromEntries(shards));
}
