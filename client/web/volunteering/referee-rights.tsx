import { forgetRefereeKey, hasRefereeKey, isRefereeKeyWrong } from '../state/referee-keys.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { volunteerWords } from '../words/volunteer-words.ts';

/** Whoever opened a referee's link reads what that makes of them before they agree, or that its key is none. */
export function RefereeRights({ run }: { run: string }) {
  const words = volunteerWords();
  if (hasRefereeKey(run))
    return (
      <p class="note" data-testid="referee-rights">
        {words.refereeRights} <LinkButton text={words.noReferee} onClick={() => forgetRefereeKey(run)} />
      </p>
    );
  if (!isRefereeKeyWrong(run)) return null;
  return (
    <p class="error" role="alert" data-testid="referee-key-wrong">
      {words.refereeKeyWrong}
    </p>
  );
}
