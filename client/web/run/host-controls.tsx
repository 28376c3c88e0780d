import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { ControlAction } from '../../../shared/protocol/messages.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { createNonce } from '../../platform/create-nonce.ts';
import { RunHost } from '../../platform/run-host.ts';
import { forgetHostKey, hostKeyOf, keepHostKey } from '../state/host-keys.ts';
import { platformClient } from '../state/platform-client.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { RefereeKeys } from './referee-keys.tsx';
import { TakeBack, type TakenBackView } from './take-back.tsx';

type Phase = RunView['phase'];

const actionsIn: Readonly<Record<Phase, readonly (readonly [ControlAction, string])[]>> = {
  draft: [['open', 'Open']],
  open: [['pause', 'Pause the run']],
  paused: [['resume', 'Resume the run']],
  finished: [],
};

/** The host's switches if this browser holds the host key. Otherwise a form that takes the key. */
export function HostControls({ run, view }: { run: string; view: TakenBackView }) {
  const hostKey = hostKeyOf(run);
  return hostKey ? <KnownHost run={run} view={view} hostKey={hostKey} /> : <HostKeyForm run={run} />;
}

function KnownHost({ run, view, hostKey }: { run: string; view: TakenBackView; hostKey: string }) {
  const { phase } = view;
  const error = useSignal<string | null>(null);
  const showError = (reason: unknown): void => {
    error.value = errorText(reason);
  };
  const order = (call: Promise<void>): void => {
    error.value = null;
    void call.catch(showError);
  };
  const act = (action: ControlAction): void => order(platformClient.control(run, action, hostKey));
  const host = new RunHost(platformClient, run, hostKey);
  return (
    <section class="card" aria-labelledby="host-title">
      <h2 id="host-title">Host</h2>
      <div class="switches">
        {actionsIn[phase].map(([action, text]) => (
          <button key={action} type="button" data-testid={`host-${action}`} onClick={() => act(action)}>
            {text}
          </button>
        ))}
        {phase !== 'finished' && <FinishButton onFinish={() => act('finish')} />}
      </div>
      <TakeBack
        run={run}
        view={view}
        onChoose={version => order(host.takeBack(version))}
        onError={showError}
      />
      {error.value && (
        <p class="error" role="alert">
          {error.value}
        </p>
      )}
      <RefereeKeys run={run} host={host} />
      <HostKeyDetails run={run} hostKey={hostKey} />
    </section>
  );
}

/** A finished run cannot be opened again, so the button asks twice. */
function FinishButton({ onFinish }: { onFinish: () => void }) {
  const isAsked = useSignal(false);
  if (!isAsked.value)
    return (
      <button
        type="button"
        class="secondary outline"
        data-testid="host-finish"
        onClick={() => (isAsked.value = true)}
      >
        Finish…
      </button>
    );
  return (
    <>
      <button type="button" class="contrast" data-testid="host-finish-yes" onClick={onFinish}>
        Finish for good
      </button>
      <button type="button" class="secondary outline" onClick={() => (isAsked.value = false)}>
        Not yet
      </button>
    </>
  );
}

function HostKeyDetails({ run, hostKey }: { run: string; hostKey: string }) {
  const error = useSignal<string | null>(null);
  /** If the reply was lost, the next press shows the same, and gets the key that the run has by then. */
  const nonce = useSignal(createNonce());
  const renew = async (): Promise<void> => {
    error.value = null;
    try {
      keepHostKey(run, await new RunHost(platformClient, run, hostKey).renewHostKey(nonce.value));
      nonce.value = createNonce();
    } catch (reason) {
      error.value = errorText(reason);
    }
  };
  return (
    <details class="host-key">
      <summary>This browser holds the host key</summary>
      <p class="muted note">
        Anyone who has this key is the host. Copy it to a safe place: it is not shown anywhere else. If
        somebody else may have it, renew it: the one before then opens nothing any more.
      </p>
      <CopyField label="Host key" text={hostKey} />
      <button type="button" class="link-button" onClick={() => void renew()}>
        Renew it
      </button>{' '}
      <button type="button" class="link-button" onClick={() => forgetHostKey(run)}>
        Forget it in this browser
      </button>
      {error.value && (
        <p class="error" role="alert">
          {error.value}
        </p>
      )}
    </details>
  );
}

/** For the host on another device, or after the browser's data was cleared. */
function HostKeyForm({ run }: { run: string }) {
  const keep = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('key')).trim();
    if (key) keepHostKey(run, key);
  };
  return (
    <details class="card host-key">
      <summary>I am the host</summary>
      <form onSubmit={keep}>
        <label>
          Host key
          <input name="key" type="password" required autocomplete="off" />
        </label>
        <button type="submit" class="secondary">
          Use it in this browser
        </button>
      </form>
    </details>
  );
}
