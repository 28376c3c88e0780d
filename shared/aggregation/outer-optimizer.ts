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
}

/** Serialisable: numbers as JSON, slots as shards like the weights. */
export interface OuterState {
  readonly elements: number;
  readonly rate: number;
  /** Named arrays as long as the weights, such as a momentum. */
  readonly slots: Readonly<Record<string, Float32Array>>;
}

export interface OuterStep {
  readonly weights: Float32Array<ArrayBuffer>;
  readonly state: OuterState;
}

/** θ + rate · Δ; with rate 1 it is FedAvg (McMahan et al. 2017, arXiv:1602.05629). Rounded once to f32. */
export const sgd: OuterOptimizer = {
  init: (elements, { rate }) => ({ elements, rate, slots: {} }),
  apply: (weights, aggregate, state) => {
    checkLengths(weights, aggregate, state);
    const next = new Float32Array(weights.length);
    for (let i = 0; i < next.length; i++)
      next[i] = (weights[i] as number) + state.rate * (aggregate[i] as number);
    return { weights: next, state };
  },
};

export const outerOptimizers = { sgd } as const satisfies Readonly<Record<string, OuterOptimizer>>;

function checkLengths(weights: Float32Array, aggregate: Float32Array, { elements }: OuterState): void {
  if (weights.length !== elements || aggregate.length !== elements)
    throw new Error(`${weights.length} weights and ${aggregate.length} deltas for ${elements} elements`);
}
