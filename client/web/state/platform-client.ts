import { HomeroomClient } from '../../platform/homeroom-client.ts';

/** The platform that served this page. */
export const platformClient = new HomeroomClient(location.origin, { mend: 'reload the page' });
