import { firstCharacter } from '../../../shared/protocol/cut-text.ts';
import { runWords } from '../words/run-words.ts';
import { hueOf } from './hue-of.ts';

const initialsOf = (name: string): string =>
  name
    .split(/[\s-]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map(word => firstCharacter(word).toUpperCase())
    .join('') || '?';

/** A volunteer as a coloured disc with initials. The same volunteer always has the same colour. */
export function Avatar({ volunteer, name, isYou }: { volunteer: string; name: string; isYou?: boolean }) {
  const told = isYou ? `${name} (${runWords().you})` : name;
  return (
    <span
      class={isYou ? 'avatar you' : 'avatar'}
      role="img"
      aria-label={told}
      title={told}
      style={{ '--hue': hueOf(volunteer) }}
    >
      {initialsOf(name)}
    </span>
  );
}
