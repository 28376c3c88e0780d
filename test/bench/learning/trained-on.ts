export const LEARNING_BACKENDS = ['wasm', 'webgpu'] as const;
export type LearningBackend = (typeof LEARNING_BACKENDS)[number];

/** What a run was trained on. */
export interface TrainedOn {
  readonly backend: LearningBackend;
  /** The graphics card's name; null if there is none in use. */
  readonly gpu: string | null;
  /** Of WebAssembly. */
  readonly threads: number;
}
