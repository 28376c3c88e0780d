import { useMemo } from 'preact/hooks';
import { type Ability, lackingOf } from '../state/abilities.ts';
import { abilityWords } from '../words/abilities-words.ts';

/**
 * Says of what a page needs what this browser lacks, what the page cannot do without it, and what it can. Nothing if the
 * browser has all.
 * @param needs the same list at every rendering
 */
export function AbilityNotes({ needs }: { needs: readonly Ability[] }) {
  const lacking = useMemo(() => lackingOf(needs), [needs]);
  if (lacking.length === 0) return null;
  const words = abilityWords();
  return (
    <aside class="card abilities" aria-labelledby="abilities-title" data-testid="abilities">
      <h2 id="abilities-title">{words.title}</h2>
      <ul>
        {lacking.map(ability => (
          <li key={ability}>{words.lacks[ability]}</li>
        ))}
      </ul>
    </aside>
  );
}
