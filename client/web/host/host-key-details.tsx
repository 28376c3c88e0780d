import { useSignal } from '@preact/signals';
import { createNonce } from '../../platform/create-nonce.ts';
import { RunHost } from '../../platform/run-host.ts';
import { forgetHostKey, keepHostKey } from '../state/host-keys.ts';
import { platformClient } from '../state/platform-client.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { hostWords } from '../words/host-words.ts';
import { ActError, useAct } from './use-act.tsx';

export function HostKeyDetails({ run, hostKey }: { run: string; hostKey: string }) {
  const words = hostWords();
  const act = useAct();
  /** If the reply was lost, the next press shows the same, and gets the key that the run has by then. */
  const nonce = useSignal(createNonce());
  const renew = async (): Promise<void> => {
    keepHostKey(run, await new RunHost(platformClient, run, hostKey).renewHostKey(nonce.value));
    nonce.value = createNonce();
  };
  return (
    <details class="host-key">
      <summary>{words.holdsKey}</summary>
      <p class="muted note">{words.holdsKeyNote}</p>
      <CopyField label={words.key} text={hostKey} />
      <LinkButton text={words.renew} onClick={() => void act.run(renew)} />{' '}
      <LinkButton text={words.forget} onClick={() => forgetHostKey(run)} />
      <ActError act={act} />
    </details>
  );
}
