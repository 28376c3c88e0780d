/** What is loaded on the platform. */
export interface Scenario {
  readonly name: string;
  readonly volunteers: number;
  /** Of an update of all segments. */
  readonly parameters: number;
  /** Every volunteer trains one of so many segments; 1: the whole network. */
  readonly segments: number;
  readonly goal: number;
  readonly rounds: number;
  readonly codec: 'f32' | 'f16';
  /** What a training takes, drawn evenly between the two. */
  readonly trainMs: readonly [least: number, most: number];
  /** Within so many ms after all have joined they begin to ask. */
  readonly arrivalMs: number;
  /** The first volunteer takes a lease and is never heard of again. */
  readonly hasSilent?: boolean;
}

/** Everyone returns an update in each round, as fast as they can. */
const dense = (volunteers: number, millions: number, segments = 1): Scenario => ({
  name: `${volunteers / segments}x${millions}M`,
  ...{ volunteers, goal: volunteers, parameters: millions * 1e6, segments },
  ...{ rounds: 5, codec: 'f32', trainMs: [0, 0], arrivalMs: 0 },
});

/** Many are connected, and a round wants a tenth of them. */
const crowd = (volunteers: number): Scenario => ({
  name: `${volunteers}`,
  ...{ volunteers, goal: Math.max(1, volunteers / 10), parameters: 100, segments: 1 },
  ...{ rounds: 20, codec: 'f16', trainMs: [500, 2_000], arrivalMs: 3_000 },
});

export const scenarios: readonly Scenario[] = [
  dense(2, 1),
  dense(8, 1),
  dense(32, 1),
  dense(8, 5),
  // Two updates of each of four segments, so that none is larger than the platform takes.
  dense(8, 20, 4),
  crowd(100),
  crowd(1_000),
  {
    ...dense(4, 0),
    ...{ name: 'silent', parameters: 100, rounds: 2, codec: 'f16', hasSilent: true },
  },
];
