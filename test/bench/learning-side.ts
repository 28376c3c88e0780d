import * as z from 'zod';
import { answerLines } from './answer-lines.ts';
import { DATASETS } from './learning/bench-data.ts';
import type { LearningRun } from './learning/learning-run.ts';
import { BenchBackend } from './learning/queue/bench-backend.ts';
import { KeptData } from './learning/queue/kept-data.ts';
import { LEARNING_BACKENDS } from './learning/trained-on.ts';

/**
 * A child process of the learning bench: does what run it is told to, and replies to each JSON line with one. It writes
 * no rows.
 */

/** The parent is the same program, and has checked it. */
const runSchema = z.custom<LearningRun>(
  value => z.looseObject({ model: z.string() }).safeParse(value).success,
);

const requestSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('start'), backend: z.enum(LEARNING_BACKENDS), threads: z.number() }),
  z.object({ do: z.literal('run'), dataset: z.enum(DATASETS), run: runSchema }),
]);
type Request = z.infer<typeof requestSchema>;

const kept = new KeptData();
let backend: BenchBackend | null = null;

async function replyTo(request: Request): Promise<object> {
  if (request.do === 'start') {
    backend = new BenchBackend(request.backend, request.threads);
    await backend.start();
    return {};
  }
  if (!backend) throw new Error('no backend is started yet');
  const data = await kept.for(request.dataset, request.run);
  return { row: await backend.rowFor(request.run, data, () => {}) };
}

await answerLines(request => replyTo(requestSchema.parse(request)));
