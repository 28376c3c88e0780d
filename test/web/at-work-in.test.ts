import { expect, it } from 'vitest';
import { atWorkAs, atWorkIn } from '../../shared/view/at-work-in.ts';
import { waitingFor } from '../../shared/view/why-waiting.ts';
import { byId, factsOf, viewOf, volunteerOf } from './some-run.ts';

const spec = { policy: { ...factsOf().spec.policy, minVolunteers: 1 } };
const [ada, bob] = [volunteerOf('ada', { role: 'teacher' }), volunteerOf('bob', { role: 'student' })];

it('[VIEW9] whoever has left is not at work, though its lease goes on', () => {
  const view = { ...viewOf({ volunteers: byId(ada, bob) }), away: { [ada.volunteer]: 5 } };
  expect([atWorkAs(view, 'teacher'), atWorkAs(view, 'student'), atWorkIn(view)]).toEqual([0, 1, 1]);
});

it('a run whose volunteers have all left waits for some, and says so', () => {
  const view = { ...viewOf({ volunteers: byId(ada) }), away: { [ada.volunteer]: 5 } };
  expect(waitingFor(view, spec, 1e12)).toEqual({ for: 'work' });
  expect(waitingFor({ ...view, away: {} }, spec, 1e12)).toBeNull();
});
