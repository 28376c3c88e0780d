import type { News } from '../../shared/protocol/frames.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';

/** As many as the coordinator gives. */
const NEWS_LENGTH = 12;

/** The news that go with a view, of the older and the newer ones. Names that nothing shown needs are forgotten. */
export function joinNews({ refusals }: RunView, older: News, newer: News): News {
  const latest = [...older.latest, ...newer.latest].slice(-NEWS_LENGTH);
  const needed = new Set(
    [...latest.map(({ event }) => event), ...refusals].map(each =>
      'volunteer' in each ? each.volunteer : null,
    ),
  );
  const names = Object.entries({ ...older.names, ...newer.names });
  return { latest, names: Object.fromEntries(names.filter(([id]) => needed.has(id))) };
}
