import * as z from 'zod';
import type { RefusalReason } from './refusals.ts';

/** Why a run pauses itself: what became of its last training leases. */
export const fruitlessSchema = z.enum(['diverged', 'too-large', 'bad-statistics']);
export type Fruitless = z.infer<typeof fruitlessSchema>;

/** Every reason for which a run pauses itself. */
export const selfPauseSchema = z.enum([...fruitlessSchema.options, 'fold-failed', 'keeps-falling']);
export type SelfPause = z.infer<typeof selfPauseSchema>;

/** What an honest update that is refused for this reason came to. Null if the reason says nothing of the training. */
export const fruitlessBy = (reason: RefusalReason): Fruitless | null => {
  if (reason === 'not-finite') return 'diverged';
  if (reason === 'out-of-range') return 'too-large';
  return reason === 'bad-statistics' ? reason : null;
};

interface PauseText {
  readonly what: string;
  /** What its host can do. */
  readonly advice: string;
}

const texts: Readonly<Record<SelfPause, PauseText>> = {
  diverged: {
    what: 'the training diverges on every device that tries it',
    advice: 'If the host resumes it, it goes on with halved learning rates. A new run needs a smaller rate.',
  },
  'too-large': {
    what: 'the weights change too much on every device that tries it',
    advice:
      'If the host resumes it, it goes on with halved learning rates. A new run needs a smaller rate, or a layer that scales down what comes into the layer.',
  },
  'bad-statistics': {
    what: 'a statistic of batch norm leaves its range on every device that tries it',
    advice:
      'If the host resumes it, it goes on with halved learning rates. If they do not help, the values that come into the layer are too large by themselves: a new run needs a layer that scales them down, such as Rescaling.',
  },
  'fold-failed': {
    what: 'the updates of its round cannot be made into a version',
    advice:
      'All of them are kept. If the host resumes it, the platform tries again, from where it came to. If that fails too, a new run needs fewer updates in a round, or smaller segments.',
  },
  'keeps-falling': {
    what: 'its accuracy fell again each time that it had returned to its best version',
    advice:
      'It has that version again. Somebody may send harmful updates: look at who trains, and give the link to those you know. The host’s own tab tests versions too. If the host resumes it, it goes on from there.',
  },
};

/**
 * One sentence of why the run paused itself. Null if its host paused it.
 * @param detail which tensor was at fault, if that is known
 */
export function describePause(why: string | null | undefined, detail?: string): string | null {
  const known = selfPauseSchema.safeParse(why).data;
  if (!known) return null;
  return `The run paused itself: ${texts[known].what}${detail === undefined ? '' : ` (${detail})`}`;
}

/** What a run's view says of a pause. `run-view.ts` cannot be imported: it imports this file by way of the events. */
interface PausedView {
  readonly phase: string;
  readonly why: string | null;
  readonly whyDetail?: string | undefined;
}

/** Why a run has paused itself and what its host can do, in sentences. Null if it is not paused, or by its host. */
export function explainPause({ phase, why, whyDetail }: PausedView): string | null {
  const known = selfPauseSchema.safeParse(why).data;
  return phase === 'paused' && known ? `${describePause(known, whyDetail)}. ${texts[known].advice}` : null;
}
