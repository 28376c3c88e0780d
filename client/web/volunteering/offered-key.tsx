import { answerOffer, offeredKeyOf } from '../state/referee-keys.ts';

/** A link has brought another referee's key than this browser has. Only its user knows which one is to be used. */
export function OfferedKey({ run }: { run: string }) {
  if (offeredKeyOf(run) === null) return null;
  return (
    <p class="note" data-testid="offered-key">
      This browser has a referee’s key of this run, and the link that you opened brings another one. Take it
      if the host sent it to you and the key of before has ended.{' '}
      <button type="button" class="link-button" onClick={() => answerOffer(run, true)}>
        Take the link’s key
      </button>{' '}
      <button type="button" class="link-button" onClick={() => answerOffer(run, false)}>
        Keep mine
      </button>
    </p>
  );
}
