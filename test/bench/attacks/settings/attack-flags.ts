/** As `parseArgs` takes them. */
export const ATTACK_FLAGS = {
  attacks: { type: 'string' },
  rules: { type: 'string' },
  buckets: { type: 'string' },
  assumed: { type: 'string' },
  shares: { type: 'string' },
  volunteers: { type: 'string' },
  updates: { type: 'string' },
  partitions: { type: 'string' },
  seeds: { type: 'string' },
  data: { type: 'string' },
  plan: { type: 'string' },
  rounds: { type: 'string' },
  referee: { type: 'boolean' },
  unchecked: { type: 'boolean' },
  judges: { type: 'string' },
  falls: { type: 'boolean' },
  'parts-for': { type: 'string' },
  page: { type: 'boolean' },
  quick: { type: 'boolean' },
  out: { type: 'string' },
  plot: { type: 'string' },
  json: { type: 'string' },
  report: { type: 'boolean' },
} as const;

export type AttackFlags = {
  readonly [Name in keyof typeof ATTACK_FLAGS]?:
    | ((typeof ATTACK_FLAGS)[Name]['type'] extends 'boolean' ? boolean : string)
    | undefined;
};
