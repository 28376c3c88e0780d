import type { TensorSpec } from '../../shared/codec/safetensors.ts';
import type { CodecSpec } from '../../shared/protocol/codec-spec.ts';
import type { GlyphsDataset, Split } from '../../shared/protocol/dataset.ts';
import type { HeadStyle } from '../../shared/protocol/head-style.ts';
import type { Task } from '../../shared/protocol/lease.ts';
import type { ModelOutline } from '../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../shared/protocol/run-spec.ts';

/**
 * The trainer: tfjs behind comlink, in a Web Worker or a worker thread. This is all that the rest of the client knows of
 * it. It has no network, no DOM and no storage: bytes come in, bytes go out.
 */
export type BackendName = 'webgpu' | 'wasm' | 'cpu';
export type BackendChoice = BackendName | 'auto';

export interface TrainerOptions {
  readonly backend: BackendChoice;
  /** Folder or file URLs of tfjs's .wasm files; left out in Node, which finds them beside the package. */
  readonly wasmPaths?: string | Readonly<Record<string, string>>;
  /** At most so many threads on the processor, 1 where left out; fewer where memory cannot be shared. */
  readonly threads?: number;
}

/** What the preflight found. */
export interface TrainerInfo {
  readonly backend: BackendName;
  /** Why not the backend that was asked for, in words for people; null where it is the one. */
  readonly note: string | null;
  /** Multiply-accumulates a second while training a small convolution. */
  readonly macsPerSecond: number;
  /** Threads that train; 1 on a graphics card. */
  readonly threads: number;
}

export interface StartedTrainer extends TrainerInfo {
  /** What starting took: fetching and compiling the backend, checking it, timing it. */
  readonly startMs: number;
}

export interface SegmentTopology {
  /** SHA-256 of the topology: a segment already built is built no second time. */
  readonly topologyHash: string;
  /** The tf.layers topology JSON. */
  readonly topology: Uint8Array;
  /** Its weights and costs as the run's outline tells them; a topology that has others is refused. */
  readonly tensors: readonly TensorSpec[];
  readonly macs: number;
  readonly activations: number;
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
      /** SHA-256 of each file: a part already decoded is decoded no second time. */
      readonly hashes: readonly string[];
      readonly files: readonly Uint8Array[];
    };

/**
 * What a lossy codec left unsent, by segment and tensor, each as long as its tensor. It is added to the next update that
 * trains the segment.
 */
export type Residual = Readonly<Record<string, Readonly<Record<string, Float32Array>>>>;

export interface LeaseJob {
  readonly lease: string;
  readonly task: Task;
  readonly segments: Readonly<Record<string, SegmentFiles>>;
  readonly examples: ExampleSource;
  /** Examples an update. */
  readonly batch: number;
  /**
   * Examples a forward and backward pass may hold at once: what the device's memory allows of the batch. The trainer
   * takes fewer where a cancel would else wait too long.
   */
  readonly microBatch: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Of the pictures it trains on. */
  readonly augment: RunSpec['training']['augment'];
  readonly seed: number;
  readonly codec: CodecSpec;
  readonly classes: number;
  /** For the metrics: what the lease downloaded. */
  readonly downloadBytes: number;
  /** Of the trained segments that have one. A codec that keeps none ignores it. */
  readonly residual?: Residual;
}

/** What the shaders of a task depend on: layers and shapes, neither weights nor pictures. */
export interface CompileJob extends Pick<LeaseJob, 'task' | 'batch' | 'microBatch' | 'classes'> {
  readonly segments: Readonly<Record<string, SegmentTopology>>;
  /** Height, width, channels. */
  readonly inputShape: readonly [number, number, number];
}

/** What work was done on: after a fall-back another device than started. */
export type DeviceInUse = Omit<TrainerInfo, 'note'>;

/** What a lease made: the envelope to upload, and figures for people. */
export interface LeaseResult {
  readonly envelope: Uint8Array;
  /** What stays behind if the platform takes the update; left out if the codec keeps none. */
  readonly residual?: Residual;
  /** Mean training loss, or test loss. */
  readonly loss: number;
  /** Test accuracy; null for training. */
  readonly accuracy: number | null;
  readonly samples: number;
  readonly trainMs: number;
  /** Reading the weights back and encoding them. */
  readonly encodeMs: number;
  readonly device: DeviceInUse;
  /** Why another backend or a smaller batch than was asked for, in words for people; as in the metrics. */
  readonly fallback?: string;
}

/** A network that a host brings: tf.layers' `model.json`, and beside it the files of weights that it names. */
export interface ModelFiles {
  readonly modelJson: Uint8Array;
  /** By the path in model.json. */
  readonly weights: Readonly<Record<string, Uint8Array>>;
}

export interface ModelRequest {
  /** In the zoo; or, with `files`, a name for the network that they hold. */
  readonly name: string;
  readonly files?: ModelFiles;
  /** Height, width, channels. */
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  readonly seed: number;
  /** How many it is cut into, 2 where left out: where that costs least memory. */
  readonly segments?: number;
  /** Or the layers after which it is cut, from input to output. */
  readonly cuts?: readonly string[];
  /** Of the auxiliary heads, `linear` where left out. */
  readonly heads?: HeadStyle;
  /** The exported network has them still, their logits added to its own. */
  readonly keepsHeads?: boolean;
}

/** A model built, cut and written: the outline, and every blob it names. */
export interface BuiltModel {
  readonly outline: ModelOutline;
  /** The layers after which it was cut. */
  readonly cuts: readonly string[];
  /** Shards of version 0 by segment, in layout order. */
  readonly shards: Readonly<Record<string, readonly { sha256: string; bytes: number }[]>>;
  readonly blobs: readonly { readonly sha256: string; readonly bytes: Uint8Array }[];
  /** What was changed about a host's network, in words for its owner. */
  readonly notes: readonly string[];
}

/** Share done in [0, 1] and mean loss so far, a few times a second. */
export type OnProgress = (share: number, loss: number | null) => void;

export interface TrainerApi {
  start(options: TrainerOptions): Promise<StartedTrainer>;
  /**
   * Compiles what a task needs where that takes long, before its first lease's clock runs.
   * @returns what trains from now on: the next backend, where this one could not compile it
   */
  compile(job: CompileJob): Promise<TrainerInfo>;
  /**
   * Trains or evaluates one lease. @throws AbortError after `cancel`, DivergedError where
   * the run learns too fast; both cross as errors of that name. Else the lease is at fault, and another may do
   */
  work(job: LeaseJob, onProgress?: OnProgress): Promise<LeaseResult>;
  /** Ends the lease in hand within a part of a batch. */
  cancel(): void;
  /** @throws where the zoo has no such model, or a host's cannot be trained or cut: the message says why */
  build(request: ModelRequest): Promise<BuiltModel>;
}
