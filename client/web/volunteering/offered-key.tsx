import { answerOffer, offeredKeyOf } from '../state/referee-keys.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { volunteerWords } from '../words/volunteer-words.ts';

/** A link has brought another referee's key than this browser has. Only its user knows which one is to be used. */
export function OfferedKey({ run }: { run: string }) {
  if (offeredKeyOf(run) === null) return null;
  const words = volunteerWords();
  return (
    <p class="note" data-testid="offered-key">
      {words.offeredKey} <LinkButton text={words.takeKey} onClick={() => answerOffer(run, true)} />{' '}
      <LinkButton text={words.keepKey} onClick={() => answerOffer(run, false)} />
    </p>
  );
}
