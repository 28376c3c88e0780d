import { renderSVG } from 'uqr';
import { runPage } from '../../../shared/protocol/paths.ts';
import { CopyField } from '../ui/copy-field.tsx';

const isLocal = (hostname: string): boolean => /^(localhost|127\.|\[::1\])/.test(hostname);

/** How others join: the link, as text and as a picture for phones. */
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
      {needsCode && <p class="note">People need the join code too: tell it to those you invite.</p>}
      {isLocal(location.hostname) && (
        <p class="muted note">
          This address works on this computer only. For other devices, start the platform with{' '}
          <code>npm start -- --lan</code> and open the address that it prints.
        </p>
      )}
    </section>
  );
}
