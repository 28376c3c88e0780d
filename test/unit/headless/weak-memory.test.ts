import { expect, it } from 'vitest';
import { segmentsBeyond, weakMemoryMB } from '../../../client/headless/demo/weak-memory.ts';
import { smallSpec } from '../federation/small-run.ts';
import { chainOutline } from '../plan/outlines.ts';

it('tells what stays untrained if every device of a demo is weak', () => {
  const outline = chainOutline(3);
  const beyond = (plan: object) => {
    const spec = smallSpec({ plan: { name: 'depth-federated', ...plan } });
    return segmentsBeyond(spec, outline, weakMemoryMB(spec, outline));
  };
  expect(beyond({})).toEqual(['segment-2', 'segment-3']);
  expect(beyond({ name: 'sub-networks' })).toEqual([]);
});
