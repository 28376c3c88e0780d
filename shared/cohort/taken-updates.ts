import type { TakenUpdate } from '../protocol/cohort-report.ts';
import type { CohortLog } from './ports.ts';
import type { RoundSketches } from './round-sketches.ts';

/** The updates of a round as a role's other cohorts need to know them, in the order of acceptance. */
export function takenUpdates(log: CohortLog, sketches: RoundSketches, round: number): TakenUpdate[] {
  const [examples, senders, told] = [log.examples(round), log.senders(round), sketches.told(round)];
  return log
    .measured(round)
    .map((one, i) => ({ ...one, ...senders[i], examples: examples[i] ?? 0, ...told[i] }));
}
