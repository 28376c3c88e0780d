import { TRY_PAGES } from '../../../shared/protocol/paths.ts';

/** What the page is to show: a run's network, one at an address, or none yet. */
export type TryAddress =
  | { readonly is: 'run'; readonly run: string }
  | { readonly is: 'model'; readonly url: string }
  | { readonly is: 'open' };

/** Reads `/try/RUN` and `/try/?model=URL`. */
export function parseTryAddress(path: string, query: string): TryAddress {
  const run = path.startsWith(TRY_PAGES) ? path.slice(TRY_PAGES.length) : '';
  if (run !== '') return { is: 'run', run };
  const url = new URLSearchParams(query).get('model');
  return url === null || url === '' ? { is: 'open' } : { is: 'model', url };
}
