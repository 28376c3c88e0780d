import { useMemo } from 'preact/hooks';
import { renderSVG } from 'uqr';
import { runPage } from '../../../shared/protocol/paths.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { runWords } from '../words/run-words.ts';

const isLocal = (hostname: string): boolean => /^(localhost|127\.|\[::1\])/.test(hostname);

/** How others join: the link, as text and as a picture for phones. */
export function InvitePanel({ run, needsCode }: { run: string; needsCode: boolean }) {
  const words = runWords();
  const link = location.origin + runPage(run);
  // A view comes with every few events, and to draw the code takes longer than all the rest of the page.
  const code = useMemo(() => renderSVG(link, { border: 2 }), [link]);
  return (
    <section class="card" aria-labelledby="invite-title">
      <h2 id="invite-title">{words.invite}</h2>
      <div class="qr" role="img" aria-label={words.qr(link)} dangerouslySetInnerHTML={{ __html: code }} />
      <CopyField label={words.link} text={link} />
      {needsCode && <p class="note">{words.needsCode}</p>}
      {isLocal(location.hostname) && (
        <p class="muted note">
          {words.onlyHere} <code>npm start -- --lan</code> {words.onlyHereThen}
        </p>
      )}
    </section>
  );
}
