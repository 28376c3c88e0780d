import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { RunHost } from '../../platform/run-host.ts';
import type { HostKeyFlags } from '../commands/host-key-flags.ts';
import { requireRunLink } from '../commands/require-run-link.ts';
import { ownDeploymentKey } from '../local-platform/own-deployment-key.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** A run, and somebody who may host it. */
interface Hosted {
  readonly client: HomeroomClient;
  readonly run: string;
  readonly host: RunHost;
  /** What the platform is shown. */
  readonly key: string;
}

/** @throws UsageError if no key was given and the platform is not this user's own */
export function requireHost(link: string, { key, folder }: HostKeyFlags): Hosted {
  const { origin, run, hostKey } = requireRunLink(link);
  const shown = key ?? hostKey ?? ownDeploymentKey(origin, folder);
  if (shown === undefined)
    throw new UsageError('this needs the host key of the run: set HOMEROOM_KEY, or give it with --key');
  const client = new HomeroomClient(origin);
  return { client, run, key: shown, host: new RunHost(client, run, shown) };
}
