import { forgetRefereeKey, hasRefereeKey, isRefereeKeyWrong } from '../state/referee-keys.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { volunteerWords } from '../words/volunteer-words.ts';

interface RefereeRightsProps {
  readonly run: string;
  /** As what this browser is at work. Null if it is not. */
  readonly atWork: 'referee' | 'volunteer' | null;
}

/**
 * Whoever opened a referee's link reads what that makes of them before they agree, or that its key is none. Whoever is at
 * work already stays what they are until they start anew.
 */
export function RefereeRights({ run, atWork }: RefereeRightsProps) {
  const words = volunteerWords();
  if (isRefereeKeyWrong(run))
    return (
      <p class="error" role="alert" data-testid="referee-key-wrong">
        {words.refereeKeyWrong}
      </p>
    );
  if (!hasRefereeKey(run) || atWork === 'referee') return null;
  return (
    <p class="note" data-testid="referee-rights">
      {atWork === null ? words.refereeRights : words.refereeAfterStop}{' '}
      <LinkButton text={words.noReferee} onClick={() => forgetRefereeKey(run)} />
    </p>
  );
}
