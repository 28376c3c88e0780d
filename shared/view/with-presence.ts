import type { RunView } from '../protocol/run-view.ts';

/** What is known of who is here, beside the ledger. */
export interface KnownPresence {
  /** When the volunteer left. Null if it is here. */
  readonly leftAt: (volunteer: string) => number | null;
  readonly here: number;
}

/** [VIEW9] The view with who is here. It costs what the view lists. */
export function withPresence(view: RunView, { leftAt, here }: KnownPresence): RunView {
  const away = Object.keys(view.volunteers).flatMap(id => {
    const at = leftAt(id);
    return at === null ? [] : [[id, at] as const];
  });
  return { ...view, away: Object.fromEntries(away), here };
}

/** The fields of a view that change without an entry of the ledger, so that its number does not tell them apart. */
export const presenceFields = ({ away, here }: RunView): Pick<RunView, 'away' | 'here'> => ({
  ...(away && { away }),
  ...(here !== undefined && { here }),
});
