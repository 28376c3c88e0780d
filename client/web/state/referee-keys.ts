import * as z from 'zod';
import { parseRunLink } from '../../../shared/protocol/paths.ts';
import { hostKeyOf } from './host-keys.ts';
import { readStored, writeStored } from './local-store.ts';

const keyOf = (run: string): string => `homeroom:referee-key:${run}`;

/** By which this browser joins a run as referee: the host key, or one that the host gave away. Null if it has neither. */
export const judgingKeyOf = (run: string): string | null =>
  hostKeyOf(run) ?? readStored(localStorage, keyOf(run), z.string().min(1));

/**
 * Takes a referee's key out of the address into this browser's memory. So it stands in no history, no bookmark and no
 * picture of the screen.
 */
export function takeKeyFromAddress(): void {
  const link = parseRunLink(location.href);
  if (link?.key === undefined) return;
  writeStored(localStorage, keyOf(link.run), link.key);
  const [path = '', query = ''] = location.hash.split('?');
  const rest = query.split('&').filter(pair => !pair.startsWith('key='));
  history.replaceState(null, '', rest.length > 0 ? `${path}?${rest.join('&')}` : path);
}
