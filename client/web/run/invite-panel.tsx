import { runPage } from '../../../shared/protocol/paths.ts';
import { useHostDetails } from '../host/use-host-details.ts';
import { hostKeyOf } from '../state/host-keys.ts';
import { inviteOriginOf, isForThisComputer } from '../state/invite-origin.ts';
import type { RunFacts } from '../state/live-run.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { inviteWords } from '../words/invite-words.ts';

/**
 * How others join: the link, as text and as a picture for phones, and for the host the code. Only the host can start the
 * platform otherwise, so only the host is told how.
 */
export function InvitePanel({ facts }: { facts: RunFacts }) {
  const words = inviteWords();
  const origin = inviteOriginOf(facts);
  const link = origin + runPage(facts.run);
  return (
    <section class="card" aria-labelledby="invite-title">
      <h2 id="invite-title">{words.title}</h2>
      <QrCode text={link} label={words.qrOf(link)} />
      <CopyField label={words.link} text={link} />
      {facts.needsCode && <JoinCode run={facts.run} />}
      {isForThisComputer(origin) && hostKeyOf(facts.run) !== null && (
        <p class="muted note">{words.onlyHere(<code>npm start -- --lan</code>)}</p>
      )}
    </section>
  );
}

function JoinCode({ run }: { run: string }) {
  const words = inviteWords();
  const details = useHostDetails(run);
  if (hostKeyOf(run) === null) return <p class="note">{words.codeForGuests}</p>;
  if (details === null) return null;
  if (details.joinCode === null) return <p class="note">{words.codeUnknown}</p>;
  return (
    <>
      <p class="join-code">
        <span class="muted">{words.code}</span> <strong data-testid="join-code">{details.joinCode}</strong>
      </p>
      <p class="muted note">{words.codeHint}</p>
    </>
  );
}
