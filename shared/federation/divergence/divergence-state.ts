/** What a run remembers of training that diverged. */
export interface DivergenceState {
  /** [DIV2] Training leases that diverged since the last update or resume. */
  readonly leases: number;
  /** [DIV2] Whose they were, each once. */
  readonly by: readonly string[];
  /** [DIV1] By volunteer, all of its training leases that ever diverged: its rate is halved for each. */
  readonly halvings: Readonly<Record<string, number>>;
  /** [DIV2] Who trained the newest version. */
  readonly trainedBy: readonly string[];
}

export const noDivergence: DivergenceState = { leases: 0, by: [], halvings: {}, trainedBy: [] };
