import type { Env } from '../env.ts';
import { ShelvedBucket } from '../shelf/shelved-bucket.ts';
import type { Bucket } from './bucket.ts';

/** R2 if the deployment has it. It costs no call to know that. */
export const bucketOf = ({ BLOBS, SHELVES }: Pick<Env, 'BLOBS' | 'SHELVES'>): Bucket =>
  BLOBS ?? new ShelvedBucket(SHELVES);
