import { checkTask, measuredWithout } from '../../plan/check-task.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import type { RunState } from '../run-state.ts';
import type { MeasuredVersion } from './check-state.ts';
import type { RootLosses } from './root-loss.ts';

/** [CHECK6] So many versions are compared with. */
const COMPARED = 5;

export const withMeasured = (state: RunState, measured: MeasuredVersion): RunState => ({
  ...state,
  measured: [...(state.measured ?? []).filter(({ version }) => version !== measured.version), measured].slice(
    -COMPARED,
  ),
});

/** [CHECK6] The losses of the last versions that were measured at the exits at which this round's candidate is. */
export const measuredAlike = (
  config: RunConfig,
  { measured = [] }: RunState,
  round: number,
): readonly MeasuredVersion[] => {
  const exits = exitsOf(config, round);
  return measured.filter(({ version }) => exitsOf(config, version) === exits);
};

/** [CHECK3] What the version before was measured as. Undefined if it is to be measured now. */
export const knownLosses = (config: RunConfig, state: RunState): RootLosses | undefined => {
  const { version } = state.manifest;
  return measuredAlike(config, state, version + 1).find(one => one.version === version)?.losses;
};

/** [CHECK3] Whether what a check finds of this round's candidate is what the version has, at every exit. */
export const isMeasuredWhole = ({ spec, model }: RunConfig, round: number): boolean =>
  checkTask(spec, model, round).exits.every(exit => measuredWithout(spec, model, round, exit).size === 0);

const exitsOf = ({ spec, model }: RunConfig, version: number): string =>
  JSON.stringify(checkTask(spec, model, version).exits);
