import { useSignal } from '@preact/signals';
import { hostPage } from '../../../shared/protocol/paths.ts';
import { inviteOriginOf } from '../state/invite-origin.ts';
import type { RunFacts } from '../state/live-run.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { hostWords } from '../words/host-words.ts';

/** A link that carries the rights of the host. It is not on the page before somebody asks: a projector may show the page. */
export function OtherBrowser({ facts, hostKey }: { facts: RunFacts; hostKey: string }) {
  const words = hostWords();
  const isShown = useSignal(false);
  const hideAtClose = (isOpen: boolean): void => {
    if (!isOpen) isShown.value = false;
  };
  const link = inviteOriginOf(facts) + hostPage(facts.run, hostKey);
  return (
    <details class="host-key" onToggle={event => hideAtClose(event.currentTarget.open)}>
      <summary>{words.otherBrowser}</summary>
      <p class="muted note">{words.otherBrowserNote}</p>
      {isShown.value ? (
        <>
          <QrCode text={link} label={words.hostLink} />
          <CopyField label={words.hostLink} text={link} />
        </>
      ) : (
        <button
          type="button"
          class="secondary"
          data-testid="show-host-link"
          onClick={() => (isShown.value = true)}
        >
          {words.otherBrowserShow}
        </button>
      )}
    </details>
  );
}
