import type { CreateRunRequest } from '../../shared/protocol/messages.ts';
import type { Region } from '../../shared/protocol/region.ts';
import { hashKey } from '../tokens.ts';
import type { RunIdentity } from './store/run-store.ts';

/** What is kept of a run for good: of its secrets the hashes alone. */
export async function identifyRun(
  run: string,
  { spec, model, joinCode }: CreateRunRequest,
  hostKey: string,
  location: Region | null,
): Promise<RunIdentity> {
  return {
    run,
    config: { spec, model },
    hostKeyHash: await hashKey(hostKey),
    joinCodeHash: joinCode === undefined ? null : await hashKey(joinCode),
    ...(location && { location }),
  };
}
