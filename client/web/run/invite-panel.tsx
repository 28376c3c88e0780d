import { useSignal } from '@preact/signals';
import { renderSVG } from 'uqr';
import { runPage } from '../../../shared/protocol/paths.ts';

const isLocal = (hostname: string): boolean => /^(localhost|127\.|\[::1\])/.test(hostname);

/** How others come in: the link, as text and as a picture for phones. */
export function InvitePanel({ run, needsCode }: { run: string; needsCode: boolean }) {
  const link = location.origin + runPage(run);
  return (
    <section class="card" aria-labelledby="invite-title">
      <h2 id="invite-title">Invite</h2>
      <div
        class="qr"
        role="img"
        aria-label={`QR code of ${link}`}
        dangerouslySetInnerHTML={{ __html: renderSVG(link, { border: 2 }) }}
      />
      <CopyField label="Link to this run" text={link} />
      {needsCode && <p class="note">Joining asks for the join code too: tell it to those you invite.</p>}
      {isLocal(location.hostname) && (
        <p class="muted note">
          This address works on this computer only. For other devices start with{' '}
          <code>npm start -- --lan</code> and open the address it prints.
        </p>
      )}
    </section>
  );
}

/** A text to take along; selected by a click where copying is not allowed. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    // Missing over http from another device.
    await navigator.clipboard?.writeText(text).then(
      () => (isCopied.value = true),
      () => {},
    );
    setTimeout(() => (isCopied.value = false), 2_000);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: Pico's joined field and button are this role; a fieldset would need a legend
    <div role="group" class="copy-field">
      <input readOnly value={text} aria-label={label} onFocus={event => event.currentTarget.select()} />
      <button type="button" class="secondary" onClick={() => void copy()} aria-live="polite">
        {isCopied.value ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}
