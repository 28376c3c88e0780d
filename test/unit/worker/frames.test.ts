import { expect, test } from 'vitest';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import type { Signal } from '../../../shared/protocol/frames.ts';
import { emptyView } from '../../../shared/view/empty-view.ts';
import { entriesFrame, viewFrame } from '../../../worker/relay/frames.ts';

/** The same value, and how often it was written as JSON. */
function watched<T extends object>(value: T): { readonly value: T; readonly writes: () => number } {
  let writes = 0;
  const proxy = new Proxy(value, {
    get: (target, name) => {
      if (name === 'toJSON') writes += 1;
      return Reflect.get(target, name);
    },
  });
  return { value: proxy, writes: () => writes };
}

test('a view is written once, however many sockets get it', () => {
  const { value: view, writes } = watched(emptyView());
  const signal: Signal = {
    type: 'signal',
    seq: 0,
    phase: 'draft',
    round: 0,
    version: 0,
    joined: 0,
    wakes: [],
    chance: 1,
    allServed: false,
  };
  const scene = { view, news: { latest: [], names: {} }, signal };
  const frames = [viewFrame(scene), viewFrame(scene), viewFrame(scene)];
  expect(new Set(frames)).toEqual(
    new Set([JSON.stringify({ type: 'view', view: emptyView(), ...scene.news })]),
  );
  expect(writes()).toBe(1);
  expect(JSON.parse(viewFrame({ ...scene, view: { ...view, seq: 7 } })).view.seq).toBe(7);
});

test('entries are written once for all sockets that know none of them, and the later ones for one that knows some', () => {
  const entry: RunEvent = { seq: 2, at: 1, event: { type: 'run-opened' } };
  const { value: last, writes } = watched<RunEvent>({ ...entry, seq: 3 });
  const entries = [entry, last];
  for (let socket = 0; socket < 3; socket++)
    expect(entriesFrame(entries, 1)).toBe(JSON.stringify([entry, { ...entry, seq: 3 }]));
  expect(writes()).toBe(1);
  expect(entriesFrame(entries, 2)).toBe(JSON.stringify([{ ...entry, seq: 3 }]));
  expect(entriesFrame(entries, 3)).toBeNull();
});
