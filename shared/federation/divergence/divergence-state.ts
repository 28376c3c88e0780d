/** What a run remembers of training that was fruitless. */
export interface DivergenceState {
  /** [DIV3] Training leases that were fruitless since the last update or resume. */
  readonly leases: number;
  /** [DIV2] The volunteers who held these leases, each once. */
  readonly by: readonly string[];
  /** [DIV2] Who trained the newest version. */
  readonly trainedBy: readonly string[];
}

export const noDivergence: DivergenceState = { leases: 0, by: [], trainedBy: [] };
