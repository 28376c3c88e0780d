/** As `parseArgs` takes them. */
export const LEARNING_FLAGS = {
  models: { type: 'string' },
  plans: { type: 'string' },
  full: { type: 'boolean' },
  rates: { type: 'string' },
  config: { type: 'string' },
  dataset: { type: 'string' },
  examples: { type: 'string' },
  seeds: { type: 'string' },
  match: { type: 'string' },
  budget: { type: 'string' },
  federated: { type: 'boolean' },
  volunteers: { type: 'string' },
  partition: { type: 'string' },
  'local-epochs': { type: 'string' },
  devices: { type: 'string' },
  own: { type: 'boolean' },
  split: { type: 'string' },
  'lease-examples': { type: 'string' },
  batch: { type: 'string' },
  backend: { type: 'string' },
  threads: { type: 'string' },
  processes: { type: 'string' },
  queue: { type: 'string' },
  status: { type: 'boolean' },
  out: { type: 'string' },
  plot: { type: 'string' },
  json: { type: 'string' },
  report: { type: 'boolean' },
} as const;

export type LearningFlags = {
  readonly [Name in keyof typeof LEARNING_FLAGS]?:
    | ((typeof LEARNING_FLAGS)[Name]['type'] extends 'boolean' ? boolean : string)
    | undefined;
};
