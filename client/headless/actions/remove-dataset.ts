import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { listData } from '../../platform/data-list.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { requireOrigin } from '../commands/require-origin.ts';
import { ownDeploymentKey } from '../local-platform/own-deployment-key.ts';
import { UsageError } from '../terminal/usage-error.ts';

export interface RemoveDatasetFlags {
  readonly to: string;
  readonly key?: string;
  readonly folder: string;
}

/** @throws UsageError if no key was given and the platform is not this user's own, or if there is no such data set */
export async function removeDataset(name: string, { to, key, folder }: RemoveDatasetFlags): Promise<void> {
  const client = new HomeroomClient(requireOrigin(to));
  const shown = key ?? ownDeploymentKey(client.origin, folder);
  if (shown === undefined)
    throw new UsageError(
      'this needs the key that the import of the data told, or the deployment key: set HOMEROOM_KEY, or give it with --key',
    );
  const names = (await listData(client)).sets.map(set => set.name);
  if (!names.includes(name))
    throw new UsageError(
      `there is no data set ${toOneLine(name)} on ${client.origin}: \`npx homeroom dataset list\` shows those that there are`,
    );
  await client.removeDataset(name, shown);
  console.log(`Deleted ${toOneLine(name)}. Its parts go too, if no run and no other data set has them.`);
}
