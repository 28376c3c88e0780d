import type { Role } from '../protocol/identifiers.ts';
import type { LedgerRecord } from './ledger-record.ts';
import type { ReplayPorts } from './ports.ts';

/**
 * The first version that can be recomputed, and all after it: its updates are archived, and the manifest before it is
 * kept. [SWEEP1] Those of the last `keepRounds` rounds must be. Older ones may have been swept, the oldest first.
 */
export async function oldestWhole(ports: ReplayPorts, ledger: LedgerRecord): Promise<number> {
  const { keepRounds } = ports.config.spec.policy;
  const oldest = ledger.firstVersion;
  let [swept, whole] = [
    oldest - 1,
    Math.max(oldest, keepRounds === 0 ? 1 : ledger.lastVersion - keepRounds + 1),
  ];
  while (swept + 1 < whole) {
    const middle = Math.floor((swept + whole) / 2);
    if (await isWhole(ports, ledger, middle)) whole = middle;
    else swept = middle;
  }
  return whole;
}

async function isWhole(
  { archives, manifest }: ReplayPorts,
  ledger: LedgerRecord,
  version: number,
): Promise<boolean> {
  const { round, updates } = ledger.round(version).published;
  for (const [role, count = 0] of Object.entries(updates))
    if (count > 0 && !(await archives.has(role as Role, round))) return false;
  return (await manifest(version - 1)) !== null;
}
