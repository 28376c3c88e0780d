import { signal } from '@preact/signals';
import { runPage } from '../../../shared/protocol/paths.ts';
import { settleHostLink } from './host-link.ts';
import { takeKeyFromAddress } from './referee-keys.ts';

/** Pages that say something and do nothing. */
const prose = ['about', 'how', 'privacy', 'check', 'trust'] as const;
type Prose = (typeof prose)[number];

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'new'; readonly query: URLSearchParams }
  | { readonly page: 'data' }
  /** The claim is empty if the address has none. */
  | { readonly page: 'claim'; readonly claim: string }
  | { readonly page: Prose }
  | { readonly page: 'run'; readonly run: string; readonly query: URLSearchParams }
  | { readonly page: 'unknown' };

/** Reads `#/runs/abc?backend=wasm`. The query is inside the hash, so that a link works on any static server. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [first = '', second = '', ...rest] = path.split('/').filter(Boolean);
  if (first === '') return { page: 'home' };
  if (first === 'new' && second === '') return { page: 'new', query: new URLSearchParams(query) };
  if (first === 'data' && second === '') return { page: 'data' };
  if (first === 'claim' && rest.length === 0) return { page: 'claim', claim: second };
  const told = prose.find(page => page === first);
  if (told && second === '') return { page: told };
  if (first === 'runs' && second !== '' && rest.length === 0)
    return { page: 'run', run: second, query: new URLSearchParams(query) };
  return { page: 'unknown' };
}

function readAddress(): Route {
  takeKeyFromAddress();
  const route = parseRoute(location.hash);
  if (route.page === 'run') void settleHostLink(route.run);
  // So the claim stands in no history, no bookmark and no picture of the screen.
  if (route.page === 'claim') history.replaceState(null, '', '#/claim');
  return route;
}

export const route = signal<Route>(readAddress());

/** From this call on, the page follows its address. */
export function followAddress(): void {
  addEventListener('hashchange', () => {
    route.value = readAddress();
  });
}

export const homeHref = '#/';
export const newRunHref = '#/new';
/** The form for a run with these pictures. */
export const newRunWith = (dataset: string): string => `${newRunHref}?${new URLSearchParams({ dataset })}`;
/** Where pictures of one's own are brought to the platform. */
export const dataHref = '#/data';
/** The form, filled with the settings of a run. */
export const newRunFrom = (run: string): string => `${newRunHref}?from=${run}`;
export const checkHref = '#/check';
export const trustHref = '#/trust';
export const aboutHref = '#/about';
export const howHref = '#/how';
export const privacyHref = '#/privacy';
export const runHref = (run: string): string => runPage(run).replace(/^\//, '');

export function goTo(href: string): void {
  location.hash = href;
}

/** The run that a pasted link or id means. Null if the text is neither. */
export function readRunLink(text: string): string | null {
  const trimmed = text.trim();
  const [, linked] = /#\/runs\/([a-z0-9]{6,32})(?:[?/]|$)/.exec(trimmed) ?? [];
  return linked ?? (/^[a-z0-9]{6,32}$/.test(trimmed) ? trimmed : null);
}
