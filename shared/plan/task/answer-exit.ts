import type { Exit, JointAnswer } from '../../protocol/lease.ts';
import type { ModelOutline } from '../../protocol/model-outline.ts';
import { exitsBefore, lastExit } from './exits.ts';

/** Which exits answer for the network: the last alone, or all of them as a sum or an ensemble. */
export type Answer = 'last' | JointAnswer;

/** How the heads answer with the network, if they stay in it. */
export const keptHeads = (answer: Answer): JointAnswer | false => (answer === 'last' ? false : answer);

/** The exit by which the whole network answers. */
export function answerExit(outline: ModelOutline, answer: Answer): Exit {
  const last = lastExit(outline);
  if (answer === 'last') return last;
  return { ...last, plus: exitsBefore(outline).reverse(), ...(answer === 'sum' ? {} : { joined: answer }) };
}
