import fc from 'fast-check';
import { expect, it } from 'vitest';
import { examplesBySegment } from '../../../shared/federation/lease/examples-by-segment.ts';
import type { Device } from '../../../shared/protocol/messages.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { propertyRuns } from '../../support/extent.ts';
import { anyDevice, SmallRun, threeSegments } from './small-run.ts';

const depthFederated: Partial<RunSpecInput> = {
  plan: { name: 'depth-federated', correction: 0.1 },
  policy: { updatesPerRound: 2 },
};
const ids = threeSegments.segments.map(({ id }) => id);
const start = (change: Partial<RunSpecInput> = {}): SmallRun =>
  SmallRun.open(0, { ...depthFederated, ...change }, threeSegments);

const counted = ({ config, state }: Pick<SmallRun, 'config' | 'state'>) =>
  examplesBySegment(config, state, ids);
/** Nothing is known of this copy, so everyone is counted. */
const countedAnew = ({ config, state }: SmallRun) => counted({ config: { ...config }, state });

const someDevice: fc.Arbitrary<Device> = fc.record({
  backend: fc.constant('wasm'),
  macsPerSecond: fc.constantFrom(0, 400, 1_000, 4_000),
  memoryMB: fc.constantFrom(0, 0.005, 0.01),
});

it.each(['anyone', 'volunteer'] as const)(
  '[PUB8] the examples of all, counted on from time to time, are those counted at once: parts for %s',
  partsFor => {
    const crowd = fc.array(fc.tuple(someDevice, fc.boolean(), fc.boolean()), { maxLength: 20 });
    const holds = fc.property(crowd, volunteers => {
      const run = start({ training: { partsFor } });
      for (const [i, [device, asks, isCounted]] of volunteers.entries()) {
        run.join(`volunteer${i}`, device);
        if (asks) run.ask(`volunteer${i}`);
        if (isCounted) expect(counted(run)).toEqual(countedAnew(run));
      }
      expect(counted(run)).toEqual(countedAnew(run));
    });
    fc.assert(holds, { numRuns: propertyRuns(50) });
  },
);

it('[PUB8] the count goes on with those who joined since, and looks at nobody twice', () => {
  const run = start();
  let looks = 0;
  const watched: Device = {
    ...anyDevice,
    get memoryMB() {
      looks += 1;
      return 0;
    },
  };
  for (let i = 0; i < 3; i++) run.join(`volunteer${i}`, watched);
  expect(counted(run)['segment-1']).toBe(30);
  run.join('late');
  run.lease('volunteer0');
  const before = looks;
  expect(counted(run)['segment-1']).toBe(40);
  expect(looks).toBe(before);
});

it('[PUB8] volunteers of another run of the same settings are others', () => {
  const [one, other] = [start(), start()];
  for (const id of ['ada', 'ben', 'cleo']) one.join(id);
  for (const id of ['ada', 'ben']) other.join(id, { ...anyDevice, memoryMB: 0.005 });
  const { config } = one;
  const bySegment = [one, other, one].map(({ state }) => counted({ config, state }));
  expect(bySegment.map(each => each['segment-3'])).toEqual([30, 0, 30]);
  expect(bySegment.map(each => each['segment-1'])).toEqual([30, 20, 30]);
});
