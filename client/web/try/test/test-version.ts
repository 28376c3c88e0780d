import { datasetClasses, partCount, splitExamples } from '../../../../shared/protocol/dataset.ts';
import type { HomeroomClient } from '../../../platform/homeroom-client.ts';
import type { TestResult } from '../../../trainer/trainer-api.ts';
import { answeringVersion } from '../../../volunteer/answering-version.ts';
import { BlobSource } from '../../../volunteer/blob-source.ts';
import type { RunFacts } from '../../state/live-run.ts';
import { memoryMB } from '../../volunteering/device-memory.ts';
import { blobCache } from '../../volunteering/volunteer-stores.ts';
import { answerTrainer } from '../answer-trainer.ts';
import { testPart } from '../run-subject.ts';
import { addResults, noResult } from './add-results.ts';

/** How many wrongly answered pictures are shown. */
export const MOST_WRONG = 60;

/** What a test found, and how far it is. */
export interface TestProgress {
  readonly result: TestResult;
  /** Of all test pictures. */
  readonly share: number;
}

/**
 * Tests a version on all test pictures of its run, part by part, in this tab.
 * @throws AbortError if the signal aborts; RefusedError, `not-found`, if the version is not kept any more
 */
export async function testVersion(
  client: HomeroomClient,
  facts: RunFacts,
  version: number,
  signal: AbortSignal,
  onProgress: (progress: TestProgress) => void,
): Promise<TestResult> {
  const { dataset } = facts.spec;
  const blobs = new BlobSource(client, blobCache, signal);
  const cancel = (): void => answerTrainer.tell(trainer => trainer.cancelTest());
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const source = { client, blobs, memoryMB: memoryMB(), signal };
    const { segments, ...answering } = await answeringVersion(facts, version, source);
    const classes = datasetClasses(dataset);
    const total = splitExamples(dataset, 'test');
    let result = noResult(classes);
    for (let part = 0; part < partCount(dataset, 'test'); part++) {
      const examples = await testPart(facts, part, blobs);
      signal.throwIfAborted();
      const job = { ...answering, examples, classes, mostWrong: MOST_WRONG };
      const found = await answerTrainer.ask(
        async trainer => (await trainer.test(job)) ?? (await trainer.test({ ...job, segments })),
      );
      signal.throwIfAborted();
      if (found) result = addResults(result, found, MOST_WRONG);
      onProgress({ result, share: result.examples / total });
    }
    return result;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
