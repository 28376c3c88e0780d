import { answerOffer, offeredKeyOf } from '../state/referee-keys.ts';
import { volunteerWords } from '../words/volunteer-words.ts';

/** A link has brought another referee's key than this browser has. Only its user knows which one is to be used. */
export function OfferedKey({ run }: { run: string }) {
  if (offeredKeyOf(run) === null) return null;
  const words = volunteerWords();
  return (
    <p class="note" data-testid="offered-key">
      {words.offeredKey}{' '}
      <button type="button" class="link-button" onClick={() => answerOffer(run, true)}>
        {words.takeKey}
      </button>{' '}
      <button type="button" class="link-button" onClick={() => answerOffer(run, false)}>
        {words.keepKey}
      </button>
    </p>
  );
}
