import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { HostDetails } from '../../../shared/protocol/messages.ts';
import { RunHost } from '../../platform/run-host.ts';
import { hostKeyOf } from '../state/host-keys.ts';
import { platformClient } from '../state/platform-client.ts';

/** What the platform tells the host alone. Null if this browser is not the host, or as long as nobody has replied. */
export function useHostDetails(run: string): HostDetails | null {
  const hostKey = hostKeyOf(run);
  const details = useSignal<HostDetails | null>(null);
  useEffect(() => {
    details.value = null;
    if (hostKey === null) return;
    new RunHost(platformClient, run, hostKey).about().then(
      told => (details.value = told),
      // The host's own panel says what is wrong when the host does something.
      () => {},
    );
  }, [run, hostKey]);
  return details.value;
}
