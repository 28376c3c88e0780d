import type { Pictures } from '../../shared/datasets/examples.ts';
import type { SegmentChannels } from '../../shared/protocol/channels.ts';
import type { CodecSpec } from '../../shared/protocol/codec-spec.ts';
import type { GlyphsDataset, Split } from '../../shared/protocol/dataset.ts';
import type { HeadStyle } from '../../shared/protocol/head-style.ts';
import type { JointAnswer, Task } from '../../shared/protocol/lease.ts';
import type { ModelOutline, OutlineTensor } from '../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../shared/protocol/run-spec.ts';

/**
 * The trainer: tfjs behind comlink, in a Web Worker or a worker thread. The rest of the client knows no more of it
 * than this file. It has no network, no DOM and no storage: bytes come in, bytes go out.
 */
export type BackendName = 'webgpu' | 'wasm' | 'cpu';
export type BackendChoice = BackendName | 'auto';

export interface TrainerOptions {
  readonly backend: BackendChoice;
  /** Folder or file URLs of tfjs's .wasm files. Left out in Node, which finds them beside the package. */
  readonly wasmPaths?: string | Readonly<Record<string, string>>;
  /** The most threads on the processor; 1 if left out. There are fewer if memory cannot be shared. */
  readonly threads?: number;
}

/** What the preflight found. */
export interface TrainerInfo {
  readonly backend: BackendName;
  /** Why it is not the backend that was asked for, in words for people; null if it is. */
  readonly note: string | null;
  /** Multiply-accumulates a second while training a small convolution. */
  readonly macsPerSecond: number;
  /** Threads that train; 1 on a graphics card. */
  readonly threads: number;
}

export interface StartedTrainer extends TrainerInfo {
  /** Time to fetch and compile the backend, to check it and to time it. */
  readonly startMs: number;
}

export interface SegmentTopology {
  /** SHA-256 of the topology, so that no segment is built twice. */
  readonly topologyHash: string;
  /** The tf.layers topology JSON. */
  readonly topology: Uint8Array;
  /** Its weights and costs in the run's outline. A topology with others is refused. */
  readonly tensors: readonly OutlineTensor[];
  readonly macs: number;
  readonly activations: number;
  /** Its channels there: left out if none of them is ever sliced. */
  readonly channels?: SegmentChannels | undefined;
}

/** One segment with its weights, as downloaded. */
export interface SegmentFiles extends SegmentTopology {
  /** Safetensors files in layout order. */
  readonly shards: readonly Uint8Array[];
}

/** Where a lease's pictures come from: drawn here, or decoded from parts. */
export type ExampleSource =
  | {
      readonly kind: 'glyphs';
      readonly dataset: GlyphsDataset;
      readonly split: Split;
      readonly parts: readonly number[];
    }
  | {
      readonly kind: 'parts';
      /** SHA-256 of each file, so that no part is decoded twice. */
      readonly hashes: readonly string[];
      readonly files: readonly Uint8Array[];
    };

/**
 * What a volunteer keeps from an update to its next one, by segment and tensor; each array is as long as its tensor. It
 * changes only if the platform has taken the update.
 */
export type KeptTensors = Readonly<Record<string, Readonly<Record<string, Float32Array>>>>;

export interface LeaseJob {
  readonly lease: string;
  readonly task: Task;
  readonly segments: Readonly<Record<string, SegmentFiles>>;
  readonly examples: ExampleSource;
  /** Examples of a training step. */
  readonly batch: number;
  /**
   * How many examples of the batch the device's memory holds in a forward and backward pass. The trainer takes fewer
   * if a cancel would otherwise wait too long.
   */
  readonly microBatch: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** How the pictures that it trains on are changed. */
  readonly augment: RunSpec['training']['augment'];
  readonly seed: number;
  readonly codec: CodecSpec;
  readonly classes: number;
  /** What the lease downloaded; the metrics report it. */
  readonly downloadBytes: number;
  /** What a lossy codec left unsent of the trained segments. A codec that keeps none ignores it. */
  readonly residual?: KeptTensors;
  /**
   * What this volunteer's updates have moved in all: the sum of their changes. It counts if the task corrects drift.
   * What is missing is zero.
   */
  readonly drift?: KeptTensors;
}

/** Weights that are measured on pictures which nobody trains on. */
export interface LossJob extends Pick<LeaseJob, 'segments' | 'examples' | 'microBatch'> {
  /** Run forward only, by each of its exits. */
  readonly task: Task;
}

/** A version of a network, which only answers. */
export interface AnsweringVersion {
  /** Names these weights and no others. */
  readonly version: string;
  /** Run forward only, by its first exit. */
  readonly task: Task;
  readonly microBatch: number;
  /** May be left out if the trainer was given them before. */
  readonly segments?: Readonly<Record<string, SegmentFiles>>;
}

export interface PredictJob extends AnsweringVersion {
  readonly pictures: Pictures;
  /** How many classes to name for each picture. */
  readonly most: number;
}

/** A class, and the share of its confidence that the network gives to it, in [0, 1]. */
export interface Guess {
  readonly label: number;
  readonly share: number;
}

export interface TestJob extends AnsweringVersion {
  readonly examples: ExampleSource;
  readonly classes: number;
  /** How many wrongly answered pictures to hand over. */
  readonly mostWrong: number;
}

/** A picture that the network takes for another class than it is of. */
export interface WrongAnswer {
  /** Which of the examples. */
  readonly index: number;
  readonly label: number;
  readonly said: Guess;
  /** Its bytes: height × width × channels. */
  readonly picture: Uint8Array;
}

export interface TestResult {
  readonly examples: number;
  /** How often class i, in row i, was taken for each class: classes × classes. What is no number counts as no answer. */
  readonly confusion: Uint32Array;
  /** Pictures of each class to which the network said what is no number. */
  readonly unanswered: Uint32Array;
  /** The most confident first. */
  readonly wrong: readonly WrongAnswer[];
}

/** Some pictures of a data set with their labels. */
export interface Samples extends Pictures {
  readonly labels: Uint8Array;
}

/** What the shaders of a task depend on: layers and shapes, neither weights nor pictures. */
export interface CompileJob extends Pick<LeaseJob, 'task' | 'batch' | 'microBatch' | 'classes'> {
  readonly segments: Readonly<Record<string, SegmentTopology>>;
  /** Height, width, channels. */
  readonly inputShape: readonly [number, number, number];
}

/** The device that did the work. After a fall-back it is another one than was started. */
export type DeviceInUse = Omit<TrainerInfo, 'note'>;

/** What a lease made: the envelope to upload, and figures for people. */
export interface LeaseResult {
  readonly envelope: Uint8Array;
  /** What is kept for the next update if the platform accepts this one; left out if the codec keeps none. */
  readonly residual?: KeptTensors;
  /** The sum of changes with this update's, kept likewise; left out if the task corrects no drift. */
  readonly drift?: KeptTensors;
  /** Mean training loss, or test loss. */
  readonly loss: number;
  /** Test accuracy; null for training. */
  readonly accuracy: number | null;
  readonly samples: number;
  readonly trainMs: number;
  /** Time to read the weights back and to encode them. */
  readonly encodeMs: number;
  readonly device: DeviceInUse;
  /**
   * Why it was another backend or a smaller batch than was asked for, in words for people; the same as in the
   * metrics.
   */
  readonly fallback?: string;
}

/** A network that a host brings: the `model.json` of tf.layers, and the files of weights that it names. */
export interface ModelFiles {
  readonly modelJson: Uint8Array;
  /** By the path in model.json. */
  readonly weights: Readonly<Record<string, Uint8Array>>;
}

export interface ModelRequest {
  /** A name in the zoo; with `files`, a name for the network that they hold. */
  readonly name: string;
  readonly files?: ModelFiles;
  /** Height, width, channels. */
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  readonly seed: number;
  /** How many segments it is cut into, at the cuts that cost least memory; 2 if left out. */
  readonly segments?: number;
  /** The layers after which it is cut, from input to output. They replace `segments`. */
  readonly cuts?: readonly string[];
  /** Style of the auxiliary heads; `linear` if left out. */
  readonly heads?: HeadStyle;
  /** How its heads answer together with the exported network; false if they do not stay in it. */
  readonly keepsHeads?: JointAnswer | false;
}

/** A model that was built, cut and written: the outline, and every blob that it names. */
export interface BuiltModel {
  readonly outline: ModelOutline;
  /** The layers after which it was cut. */
  readonly cuts: readonly string[];
  /** Shards of version 0 by segment, in layout order. */
  readonly shards: Readonly<Record<string, readonly { sha256: string; bytes: number }[]>>;
  readonly blobs: readonly { readonly sha256: string; readonly bytes: Uint8Array }[];
  /** What was changed about a host's network, in words for its owner. */
  readonly notes: readonly string[];
  /** How the host's network asks for pictures to be changed in training; null if it does not ask. */
  readonly augment: RunSpec['training']['augment'] | null;
}

/** Reports the share done in [0, 1] and the mean loss so far, a few times a second. */
export type OnProgress = (share: number, loss: number | null) => void;

export interface TrainerApi {
  start(options: TrainerOptions): Promise<StartedTrainer>;
  /**
   * Compiles what a task needs, if that takes long, before the clock of its first lease runs.
   * @returns what trains from now on: the next backend if this one could not compile it
   */
  compile(job: CompileJob): Promise<TrainerInfo>;
  /** Multiply-accumulates a second, measured anew. It is to be asked while nothing trains. */
  measure(): Promise<number>;
  /**
   * Trains or evaluates one lease. @throws AbortError after `cancel`, and DivergedError if the run learns too fast.
   * Both cross as errors of that name. With any other error the lease is at fault, and another lease may work.
   */
  work(job: LeaseJob, onProgress?: OnProgress): Promise<LeaseResult>;
  /**
   * The mean loss at each exit of the task. A lease may be trained meanwhile.
   * @throws if the backend fails. Then it may be asked for again
   */
  losses(job: LossJob): Promise<number[]>;
  /**
   * The likeliest classes of each picture, the likeliest first. A lease may be trained meanwhile.
   * @returns null if the trainer was not given this version, or has let go of it: ask again with its segments
   * @throws ModelRefusal if the version is broken; another error if the backend fails
   */
  predict(job: PredictJob): Promise<Guess[][] | null>;
  /**
   * Counts what the network makes of examples. A lease may be trained meanwhile.
   * @returns null as `predict` does
   * @throws AbortError after `cancelTest`; otherwise as `predict` does
   */
  test(job: TestJob): Promise<TestResult | null>;
  /** Ends the test in hand within one batch. */
  cancelTest(): void;
  /** Some of the examples, as they are trained on: the first so many. */
  samples(source: ExampleSource, most: number): Promise<Samples>;
  /**
   * The share of the time that it works, in (0, 1], from now on, also on the lease in hand. It rests in between. The same
   * lease gives the same update.
   */
  setEffort(share: number): Promise<void>;
  /** Ends the lease in hand within one micro-batch. */
  cancel(): void;
  /** @throws if the zoo has no such model, or if a host's model cannot be trained or cut; the message says why */
  build(request: ModelRequest): Promise<BuiltModel>;
}
