/** What a run remembers of training that diverged. */
export interface DivergenceState {
  /** [DIV3] Training leases that diverged since the last update or resume. */
  readonly leases: number;
  /** [DIV2] The volunteers who held these leases, each once. */
  readonly by: readonly string[];
  /** [DIV1] How many training leases of each volunteer ever diverged. Its rate is halved for each. */
  readonly halvings: Readonly<Record<string, number>>;
  /** [DIV2] Who trained the newest version. */
  readonly trainedBy: readonly string[];
}

export const noDivergence: DivergenceState = { leases: 0, by: [], halvings: {}, trainedBy: [] };
