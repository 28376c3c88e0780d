import type { PlatformSource } from '../../platform/list-runs.ts';
import { timeLimits } from '../../platform/time-limits.ts';

/** The platform that served this page. */
export const platformSource: PlatformSource = {
  origin: location.origin,
  mend: 'reload the page',
  limits: timeLimits,
};
