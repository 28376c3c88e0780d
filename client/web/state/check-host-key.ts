import { RefusedError } from '../../platform/call-platform.ts';
import { RunHost } from '../../platform/run-host.ts';
import { platformClient } from './platform-client.ts';

/**
 * Whether a key is the host's, as the platform says.
 * @throws UnreachableError, or what else the platform says of the run
 */
export async function checkHostKey(run: string, key: string): Promise<'host' | 'owner' | 'wrong'> {
  try {
    return (await new RunHost(platformClient, run, key).about()).caller;
  } catch (error) {
    if (error instanceof RefusedError && error.isPlatforms && error.reason === 'forbidden') return 'wrong';
    throw error;
  }
}
