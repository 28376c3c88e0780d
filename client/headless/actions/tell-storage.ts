import { setTimeout as sleep } from 'node:timers/promises';
import { toOneLine } from '../../../shared/protocol/one-line.ts';
import type { StorageUsage, UsageKind } from '../../../shared/protocol/storage-usage.ts';
import { OwnershipCalls } from '../../platform/ownership.ts';
import { requireOrigin } from '../commands/require-origin.ts';
import { ownDeploymentKey } from '../local-platform/own-deployment-key.ts';
import { formatMoment } from '../terminal/format-moment.ts';
import { formatTable } from '../terminal/format-table.ts';
import { formatBytes, toJsonLine } from '../terminal/terminal.ts';
import { UsageError } from '../terminal/usage-error.ts';

export interface StorageFlags {
  readonly key?: string;
  readonly folder: string;
  readonly count: boolean;
  readonly json: boolean;
}

const ASK_AGAIN_MS = 500;

/** @throws UsageError if no key was given and the platform is not this user's own */
export async function tellStorage(url: string, { key, folder, count, json }: StorageFlags): Promise<void> {
  const client = new OwnershipCalls(requireOrigin(url));
  const shown = key ?? ownDeploymentKey(client.origin, folder);
  if (shown === undefined)
    throw new UsageError('this needs the deployment key: set HOMEROOM_KEY, or give it with --key');
  const usage = await readUsage(client, shown, count);
  if (json) return console.log(toJsonLine(usage));
  console.log(formatTable(COLUMNS, usage.owners.map(rowOf)));
  console.log(
    `${formatBytes(usage.bytes)} in ${usage.objects} objects, counted ${formatMoment(usage.countedAt ?? 0)}`,
  );
}

/** If it was never counted, the platform begins with the first call. */
async function readUsage(client: OwnershipCalls, key: string, isNew: boolean): Promise<StorageUsage> {
  const before = await client.storage(key);
  if (before.countedAt !== null && !isNew) return before;
  if (before.countedAt !== null) await client.countStorage(key);
  for (;;) {
    const usage = await client.storage(key);
    if (usage.countedAt !== null && usage.countedAt !== before.countedAt) return usage;
    await sleep(ASK_AGAIN_MS);
  }
}

const COLUMNS = [
  { title: 'of', isText: true },
  { title: 'what', isText: true },
  { title: 'objects' },
  { title: 'size' },
];

const KINDS: Readonly<Record<UsageKind, string>> = {
  shards: 'weights it made',
  uploads: 'uploads it names',
  archives: 'updates for a replay',
  orphans: 'uploads that nobody names: they go within two days',
  others: 'weights and uploads that several have, or that an older release kept',
};

const rowOf = ({ run, name, dataset, kind, objects, bytes }: StorageUsage['owners'][number]): string[] => [
  run !== undefined
    ? `run ${run}${name === undefined ? '' : ` (${toOneLine(name)})`}`
    : dataset !== undefined
      ? `data set ${toOneLine(dataset)}`
      : 'nobody',
  KINDS[kind],
  String(objects),
  formatBytes(bytes),
];
