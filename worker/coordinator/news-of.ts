import type { RunEvent } from '../../shared/protocol/events.ts';
import type { News } from '../../shared/protocol/frames.ts';
import type { LiveView } from '../../shared/view/live-view.ts';

/**
 * The latest entries as people are shown them, with the names that the list of volunteers in the view lacks. The hashes of
 * a version's shards are left out: they may be thousands, and nobody reads them.
 */
export function newsOf(live: LiveView, latest: readonly RunEvent[]): News {
  const { refusals, volunteers } = live.shown();
  const named = [...latest.map(({ event }) => event), ...refusals].flatMap(each =>
    'volunteer' in each && each.volunteer !== null ? [each.volunteer] : [],
  );
  const unlisted = named.filter(id => volunteers[id] === undefined);
  return {
    latest: latest.map(withoutShards),
    names: Object.fromEntries(unlisted.map(id => [id, live.nameOf(id) ?? id])),
  };
}

const withoutShards = ({ event, ...entry }: RunEvent): RunEvent => ({
  ...entry,
  event: event.type === 'version-published' ? { ...event, segments: {} } : event,
});
