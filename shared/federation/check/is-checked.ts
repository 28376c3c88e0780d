import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import type { RunSpec } from '../../protocol/run-spec.ts';

/** [CHECK1] Whether versions of this run are checked, if a referee is there. */
export const isChecked = ({ policy, root }: Pick<RunSpec, 'policy' | 'root'>): boolean =>
  policy.check !== 'off' && root !== undefined;

/** [CHECK1] Refuses a run that could publish no version, since nothing is there to check it by. */
export const checkChecking = ({ policy, root }: Pick<RunSpec, 'policy' | 'root'>): Result<true> =>
  policy.check === 'always' && root === undefined
    ? refused(
        'bad-spec',
        'each version is to be checked, and no training pictures are held back for that: hold some back (root.parts, --root), or let versions be checked only if a referee is there (policy.check, --check if-present)',
      )
    : accepted(true);
