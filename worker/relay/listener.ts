import * as z from 'zod';
import { countSchema, idSchema } from '../../shared/protocol/identifiers.ts';

/**
 * What a socket wants to hear. `view`: views and their changes. `signal`: what a volunteer needs. `entries`: single ledger
 * entries. `isOld`: pages of the release before frames. They take entries too, but never say that they have read them.
 */
const listenerSchema = z.object({
  run: idSchema,
  slot: z.coerce.number(),
  kind: z.enum(['view', 'signal', 'entries']),
  isOld: z.enum(['true', 'false']).transform(text => text === 'true'),
  /** The last event that the other end knows. */
  after: z.coerce.number().pipe(countSchema),
  volunteer: idSchema.nullable(),
});
export type Listener = z.infer<typeof listenerSchema>;

/** A request to a relay. Only the route makes one, so a relay may believe it. */
export const relayRequest = (listener: Listener, request: Request): Request => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(listener)) if (value !== null) query.set(name, String(value));
  return new Request(`https://relay/?${query}`, { headers: request.headers });
};

export function readListener({ url }: Request): Listener {
  const query = Object.fromEntries(new URL(url).searchParams);
  return listenerSchema.parse({ volunteer: null, ...query });
}
