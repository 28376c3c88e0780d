import * as z from 'zod';
import { idSchema } from '../shared/protocol/identifiers.ts';
import { neededNonceSchema } from '../shared/protocol/messages.ts';

/** [CROWD8] What a pass says, signed. The platform alone reads it. */
export const passClaimsSchema = z.object({
  kind: z.literal('pass'),
  run: idSchema,
  nonce: neededNonceSchema,
});
export type PassClaims = z.infer<typeof passClaimsSchema>;
