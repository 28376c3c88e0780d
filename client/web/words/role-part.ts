import type { Role } from '../../../shared/protocol/identifiers.ts';

/** What a role trains, for whoever puts it in words. */
export type RolePart =
  | { readonly is: 'student' | 'teacher' | 'whole' | 'evaluator' }
  /** Of a segment its number, of a depth how many segments, of a slice its number. */
  | { readonly is: 'segment' | 'depth' | 'slice'; readonly number: number };

export function rolePart(role: Role): RolePart {
  switch (role) {
    case 'student':
    case 'teacher':
    case 'whole':
    case 'evaluator':
      return { is: role };
    default: {
      const [kind, number] = role.split('-');
      const is = kind === 'depth' || kind === 'slice' ? kind : 'segment';
      return { is, number: Number(number) };
    }
  }
}
