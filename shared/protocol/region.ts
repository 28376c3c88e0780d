import * as z from 'zod';

/** Parts of the world near which the platform makes an object if it is asked to. The names are Cloudflare's. */
export const regionSchema = z.enum(['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'oc', 'afr', 'me']);
export type Region = z.infer<typeof regionSchema>;
