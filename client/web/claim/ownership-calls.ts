import { OwnershipCalls } from '../../platform/ownership.ts';
import { platformSource } from '../state/platform-source.ts';

/** Of the platform that served this page. */
export const ownershipCalls = new OwnershipCalls(platformSource.origin, platformSource);
