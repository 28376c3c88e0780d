import type { ReadonlySignal } from '@preact/signals';
import type { Pictures } from '../../../shared/datasets/examples.ts';
import { measureStyle, type PictureStyle } from '../../../shared/datasets/picture-style.ts';
import { classNamesOf } from '../../../shared/protocol/class-names-of.ts';
import { datasetShape } from '../../../shared/protocol/dataset.ts';
import { isMissing } from '../../platform/call-platform.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import type { AnsweringVersion, ExampleSource, Samples } from '../../trainer/trainer-api.ts';
import { answeringVersion } from '../../volunteer/answering-version.ts';
import { BlobSource } from '../../volunteer/blob-source.ts';
import { examplesOf, partsOf } from '../../volunteer/prepare-job.ts';
import type { RunFacts } from '../state/live-run.ts';
import { memoryMB } from '../volunteering/device-memory.ts';
import { blobCache } from '../volunteering/volunteer-stores.ts';
import { answerTrainer } from './answer-trainer.ts';
import { FRESH_MS } from './fresh-ms.ts';
import type { Answer, Subject } from './subject.ts';

/** Enough to see what the pictures look like. */
const SAMPLES = 48;

/** How many classes an answer names. */
const GUESSES = 5;

interface Held {
  readonly number: number;
  readonly answering: Required<AnsweringVersion>;
  readonly fetchedAt: number;
}

/** The network of a run, asked in this tab. */
export class RunSubject implements Subject {
  readonly shape;
  readonly classNames;
  readonly columns;
  readonly newest: ReadonlySignal<number | null>;
  private readonly facts: RunFacts;
  private readonly client: HomeroomClient;
  private readonly blobs: BlobSource;
  private readonly closing = new AbortController();
  private held: Held | null = null;
  private fetching: Promise<Held> | null = null;
  private sampled: Promise<Samples> | null = null;

  constructor(facts: RunFacts, newest: ReadonlySignal<number | null>, client: HomeroomClient) {
    const { dataset } = facts.spec;
    this.facts = facts;
    this.newest = newest;
    this.client = client;
    this.shape = datasetShape(dataset);
    this.classNames = classNamesOf(dataset);
    this.columns = dataset.kind === 'hosted' ? dataset.columns : undefined;
    this.blobs = new BlobSource(client, blobCache, this.closing.signal);
  }

  /** Ends what it downloads. */
  close(): void {
    this.closing.abort();
  }

  style = async (): Promise<PictureStyle> => measureStyle(await this.samples());

  samples = (): Promise<Samples> => {
    this.sampled ??= this.loadSamples().catch((error: unknown) => {
      this.sampled = null;
      throw error;
    });
    return this.sampled;
  };

  answer = async (pictures: Pictures): Promise<Answer> => {
    const { number, answering } = await this.freshest();
    const { segments, ...known } = answering;
    const job = { ...known, pictures, most: GUESSES };
    const answers = await answerTrainer.ask(
      async trainer => (await trainer.predict(job)) ?? (await trainer.predict({ ...job, segments })),
    );
    return { guesses: answers?.[0] ?? [], version: number };
  };

  /** The newest version, unless one was fetched a moment ago. If the platform is away, what is held goes on answering. */
  private async freshest(): Promise<Held> {
    const { held } = this;
    if (held && (held.number === this.newest.value || performance.now() - held.fetchedAt < FRESH_MS))
      return held;
    this.fetching ??= this.fetchNewest().finally(() => (this.fetching = null));
    try {
      this.held = await this.fetching;
    } catch (error) {
      if (!held) throw error;
      this.held = { ...held, fetchedAt: performance.now() };
    }
    return this.held;
  }

  private async fetchNewest(): Promise<Held> {
    try {
      return await this.fetchVersion(this.newest.value ?? 0);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // The host keeps only some versions, and this page may have slept for long.
      const { view } = await this.client.run(this.facts.run, this.closing.signal);
      return this.fetchVersion(view.version);
    }
  }

  private async fetchVersion(number: number): Promise<Held> {
    const { client, blobs } = this;
    const { signal } = this.closing;
    const source = { client, blobs, memoryMB: memoryMB(), signal };
    const answering = await answeringVersion(this.facts, number, source);
    return { number, answering, fetchedAt: performance.now() };
  }

  private async loadSamples(): Promise<Samples> {
    const source = await testPart(this.facts, 0, this.blobs);
    return answerTrainer.ask(trainer => trainer.samples(source, SAMPLES));
  }
}

/** A part of the test pictures, for the trainer. */
export async function testPart(
  { spec: { dataset } }: RunFacts,
  part: number,
  blobs: BlobSource,
): Promise<ExampleSource> {
  const examined = { split: 'test', parts: [part] } as const;
  const hashes = partsOf(dataset, examined);
  return examplesOf(dataset, examined, hashes, await blobs.getAll(hashes, 'data'));
}
