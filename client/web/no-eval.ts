import * as z from 'zod/mini';

/**
 * The pages' policy (public/_headers) forbids `eval`. Zod tries it in order to be faster, and each try would be
 * reported.
 */
z.config({ jitless: true });
