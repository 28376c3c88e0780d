import { signal } from '@preact/signals';
import type { Pictures } from '../../../../shared/datasets/examples.ts';
import { type PictureStyle, plainStyle } from '../../../../shared/datasets/picture-style.ts';
import { lastExit, trainedExit } from '../../../../shared/plan/task/exits.ts';
import { plainTask } from '../../../../shared/plan/task/plain-task.ts';
import { scheduleOf } from '../../../../shared/plan/task/schedule.ts';
import { bodyIds } from '../../../../shared/protocol/model-outline.ts';
import type { AnsweringVersion, BuiltModel, Guess } from '../../../trainer/trainer-api.ts';
import { answerTrainer } from '../answer-trainer.ts';
import type { Answer, Subject } from '../subject.ts';
import type { ExportedFiles } from './describe-exported.ts';
import { sharesOfProbabilities } from './shares-of-probabilities.ts';

const GUESSES = 5;
const MICRO_BATCH = 1;

/** A network that was exported, asked in this tab. No run has to be alive. */
export class FilesSubject implements Subject {
  readonly shape;
  readonly classNames;
  readonly columns;
  readonly newest = signal(null);
  private readonly exported: ExportedFiles;
  private readonly answering: Required<AnsweringVersion>;

  private constructor(exported: ExportedFiles, built: BuiltModel) {
    const { metadata, shape, classes } = exported;
    this.exported = exported;
    this.shape = shape;
    this.classNames = metadata.labels ?? Array.from({ length: classes }, (_, label) => String(label));
    this.columns = metadata.columns;
    this.answering = answeringOf(built);
  }

  /** @throws an error whose message says why the network cannot be used here */
  static async open(exported: ExportedFiles): Promise<FilesSubject> {
    const { files, shape, classes, metadata } = exported;
    const request = {
      ...{ name: metadata.name?.slice(0, 60) || 'model', files, classes, seed: 1, cuts: [] },
      inputShape: [shape.height, shape.width, shape.channels] as const,
    };
    return new FilesSubject(exported, await answerTrainer.ask(trainer => trainer.build(request)));
  }

  style = async (): Promise<PictureStyle> => this.exported.metadata.style ?? plainStyle;

  samples = async (): Promise<null> => null;

  answer = async (pictures: Pictures): Promise<Answer> => {
    const { segments, ...known } = this.answering;
    const job = { ...known, pictures, most: this.classNames.length };
    const answers = await answerTrainer.ask(
      async trainer => (await trainer.predict(job)) ?? (await trainer.predict({ ...job, segments })),
    );
    return { guesses: this.inShares(answers?.[0] ?? []).slice(0, GUESSES), version: null };
  };

  private inShares(guesses: readonly Guess[]): readonly Guess[] {
    return this.exported.metadata.output === 'logits' ? guesses : sharesOfProbabilities(guesses);
  }
}

/** The whole network as one segment. */
function answeringOf({ outline, shards, blobs }: BuiltModel): Required<AnsweringVersion> {
  const bytes = new Map(blobs.map(blob => [blob.sha256, blob.bytes]));
  const bytesOf = (sha256: string): Uint8Array => {
    const found = bytes.get(sha256);
    if (!found) throw new Error(`the built network lacks blob ${sha256}`);
    return found;
  };
  const segments = outline.segments.map(({ id, topology: topologyHash, ...segment }) => {
    const files = (shards[id] ?? []).map(({ sha256 }) => bytesOf(sha256));
    const { tensors, macs, activations, channels } = segment;
    const topology = bytesOf(topologyHash);
    return [id, { topologyHash, topology, tensors, macs, activations, channels, shards: files }] as const;
  });
  return {
    version: outline.topology + Object.values(shards).flatMap(list => list.map(({ sha256 }) => sha256)),
    task: plainTask({
      role: 'evaluator',
      path: bodyIds(outline),
      exits: [trainedExit(lastExit(outline))],
      trains: [],
      schedule: scheduleOf({ from: 0, to: 0, rate: 0 }),
    }),
    microBatch: MICRO_BATCH,
    segments: Object.fromEntries(segments),
  };
}
