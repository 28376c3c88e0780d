import { useSignal } from '@preact/signals';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { VolunteerView } from '../../../shared/protocol/run-view.ts';
import { RunHost } from '../../platform/run-host.ts';
import { hostKeyOf } from '../state/host-keys.ts';
import { platformClient } from '../state/platform-client.ts';

/** Puts a volunteer out. That cannot be taken back, so the button asks twice. */
export function RemoveButton({ run, volunteer }: { run: string; volunteer: VolunteerView }) {
  const isAsked = useSignal(false);
  const error = useSignal<string | null>(null);
  const { name, removed } = volunteer;
  const hostKey = hostKeyOf(run);
  if (removed || hostKey === null) return null;
  const remove = async (): Promise<void> => {
    error.value = null;
    try {
      await new RunHost(platformClient, run, hostKey).removeVolunteer(volunteer.volunteer);
    } catch (reason) {
      error.value = errorText(reason);
    }
  };
  return isAsked.value ? (
    <>
      {error.value && (
        <span class="error" role="alert">
          {error.value}{' '}
        </span>
      )}
      <button type="button" class="link-button" onClick={() => void remove()}>
        Remove {name} for good
      </button>
    </>
  ) : (
    <button
      type="button"
      class="link-button"
      aria-label={`Remove ${name}…`}
      onClick={() => (isAsked.value = true)}
    >
      Remove…
    </button>
  );
}
