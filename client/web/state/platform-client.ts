import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { platformSource } from './platform-source.ts';

/** All calls to the platform that served this page. The first page makes one of them by `platformSource` alone. */
export const platformClient = new HomeroomClient(platformSource.origin, platformSource);
