import { HomeroomClient } from '../../platform/homeroom-client.ts';

/** The platform that served this page. */
export const platformClient = new HomeroomClient(location.origin, { mend: 'reload the page' });

/** What went wrong, in one line for people. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
