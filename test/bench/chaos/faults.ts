import * as z from 'zod';

/**
 * What the chaos Worker is told to do, as JSON to `FAULTS_PATH`. It holds until the next such message, or until workerd
 * is started anew.
 */
export const faultsSchema = z.object({
  /** Chance that a call of R2 or D1 fails: half of these before it is done, and half after. */
  storage: z.number().min(0).max(1).default(0),
  /** Of the calls that fail. Another seed begins another sequence. */
  seed: z.string().default(''),
  /** So many of the next blobs that an object puts end that object in the midst of it. Left out: those that are left. */
  abortedPuts: z.number().int().min(0).optional(),
  /** The next call of R2 by an object on a key that begins so never comes back, once for each of these. */
  hungBlobs: z.array(z.string()).default([]),
  /** The same of the Worker itself, which passes large uploads on. Nothing of what it sends is read. */
  hungUploads: z.array(z.string()).default([]),
  /** So many of the next calls of D1 by an object never come back. */
  hungDirectory: z.number().int().min(0).default(0),
  /** D1 is away, for everybody. */
  awayDirectory: z.boolean().default(false),
  /** Methods of objects that fail. */
  broken: z.array(z.string()).default([]),
  /** So long it takes to sign, and to derive what is the same each time. */
  signingMs: z.number().min(0).default(0),
  /** Timers go so many times as fast. Alarms do not. */
  hurry: z.number().min(1).default(1),
  /** How far the clock is off. Alarms ring by the true one. */
  clockMs: z.number().default(0),
  /** Ends all objects that are awake. */
  abortAll: z.boolean().default(false),
});
export type Faults = z.input<typeof faultsSchema>;

/** Nothing of the API lies there. */
export const FAULTS_PATH = '/chaos';
