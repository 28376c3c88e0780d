import * as z from 'zod/mini';

/** Body of every refusal over HTTP. Every page reads it, so it is made of the small part of zod. */
export const refusalBodySchema = z.object({
  error: z.object({
    reason: z.string(),
    text: z.string(),
    detail: z.optional(z.string()),
    /** If it is known when to ask again. */
    retryAfterMs: z.optional(z.number().check(z.nonnegative())),
  }),
});
