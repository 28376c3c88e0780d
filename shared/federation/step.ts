import type { EventBody } from '../protocol/events.ts';
import type { RunState } from './run-state.ts';

/** What one input made of the state, and what the ledger says of it. */
export interface Step {
  readonly state: RunState;
  readonly events: readonly EventBody[];
}

/** A step that changes nothing. */
export const stay = (state: RunState): Step => ({ state, events: [] });

export const joinSteps = (first: Step, second: Step): Step => ({
  state: second.state,
  events: [...first.events, ...second.events],
});

/** One step after the other, until there is none. They may be as many as a crowd has leases. */
export function stepWhile(before: RunState, next: (state: RunState) => Step | null): Step {
  let state = before;
  const events: EventBody[] = [];
  for (let step = next(state); step; step = next(state)) {
    state = step.state;
    for (const event of step.events) events.push(event);
  }
  return { state, events };
}

/** One step after the other. */
export function stepEach<Item>(
  before: RunState,
  items: Iterable<Item>,
  step: (state: RunState, item: Item) => Step,
): Step {
  let state = before;
  const events: EventBody[] = [];
  for (const item of items) {
    const next = step(state, item);
    state = next.state;
    events.push(...next.events);
  }
  return { state, events };
}
