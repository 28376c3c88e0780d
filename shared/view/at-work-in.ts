import { type Role, roles } from '../protocol/identifiers.ts';
import type { RunView } from '../protocol/run-view.ts';
import { presenceOf } from './presence-of.ts';

type Run = Pick<RunView, 'volunteers' | 'away' | 'atWork'>;

/** [VIEW9] How many work as this role. Whoever has left does not, though its lease goes on until its deadline. */
export function atWorkAs(view: Run, role: Role): number {
  const left = Object.values(view.volunteers).filter(
    one => one.role === role && presenceOf(view, one.volunteer)?.isHere === false,
  );
  return Math.max(0, (view.atWork[role] ?? 0) - left.length);
}

/** How many work in all. */
export const atWorkIn = (view: Run): number =>
  roles.reduce((sum, role) => sum + (role in view.atWork ? atWorkAs(view, role) : 0), 0);
