/**
 * How a version's weights take up the aggregate, a pseudo-gradient (Reddi et al. 2021, arXiv:2003.00295, algorithm
 * 1). A tensor or a segment has one state, as long as its weights.
 */
export interface OuterOptimizer {
  init(elements: number, options: OuterOptions): OuterState;
  /**
   * New weights and state. The arguments stay as they are. `aggregate` points where the weights should go (θ_end −
   * θ_start), so it is added.
   * @throws if an array does not have the state's length
   */
  apply(weights: Float32Array, aggregate: Float32Array, state: OuterState): OuterStep;
}

export interface OuterOptions {
  /** The server's learning rate. */
  readonly rate: number;
  /** Left out: one volunteer, whose change is the aggregate. */
  readonly participation?: Participation;
}

/** Who took part in a round, counted in examples. */
export interface Participation {
  /** Of the updates of which the aggregate is the mean. */
  readonly examples: number;
  /** Of all volunteers who might have sent one. */
  readonly allExamples: number;
}

/** Serialisable: numbers as JSON, slots as shards like the weights. */
export interface OuterState {
  readonly elements: number;
  readonly options: OuterOptions;
  /** Named arrays as long as the weights, such as a momentum. Zero at first. */
  readonly slots: Readonly<Record<string, Float32Array>>;
}

export interface OuterStep {
  readonly weights: Float32Array<ArrayBuffer>;
  readonly state: OuterState;
}

/** θ + rate · Δ; with rate 1 it is FedAvg (McMahan et al. 2017, arXiv:1602.05629). Rounded once to f32. */
const sgd: OuterOptimizer = {
  init: (elements, options) => ({ elements, options, slots: {} }),
  apply: (weights, aggregate, state) => {
    checkLengths(weights, aggregate, state);
    const { rate } = state.options;
    const next = new Float32Array(weights.length);
    for (let i = 0; i < next.length; i++) next[i] = (weights[i] as number) + rate * (aggregate[i] as number);
    return { weights: next, state };
  },
};

const ALONE: Participation = { examples: 1, allExamples: 1 };

/**
 * FedDyn (Acar et al. 2021, arXiv:2111.04263, algorithm 1). Its slot `moved` is V = Σ n·Δ over all updates of all
 * rounds. With the mean Δ of this round's updates, of n examples together, and N examples of all volunteers: V ← V +
 * n·Δ; θ ← θ + rate · (Δ + V/N). The paper keeps h = −α·V/N. The sum stays right if volunteers join later.
 */
const fedDyn: OuterOptimizer = {
  init: (elements, options) => ({ elements, options, slots: { moved: new Float32Array(elements) } }),
  apply: (weights, aggregate, state) => {
    checkLengths(weights, aggregate, state);
    const { rate, participation: { examples, allExamples } = ALONE } = state.options;
    const all = Math.max(examples, allExamples);
    const moved = Float32Array.from(state.slots.moved ?? []);
    const next = new Float32Array(weights.length);
    for (let i = 0; i < next.length; i++) {
      const mean = aggregate[i] as number;
      moved[i] = (moved[i] as number) + examples * mean;
      next[i] = (weights[i] as number) + rate * (mean + (moved[i] as number) / all);
    }
    return { weights: next, state: { ...state, slots: { moved } } };
  },
};

export const outerOptimizers = { sgd, 'fed-dyn': fedDyn } as const satisfies Readonly<
  Record<string, OuterOptimizer>
>;

function checkLengths(weights: Float32Array, aggregate: Float32Array, { elements, slots }: OuterState): void {
  if (weights.length !== elements || aggregate.length !== elements)
    throw new Error(`${weights.length} weights and ${aggregate.length} deltas for ${elements} elements`);
  for (const [name, { length }] of Object.entries(slots))
    if (length !== elements) throw new Error(`a slot ${name} of ${length} values for ${elements} elements`);
}
