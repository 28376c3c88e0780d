/** Every path of the API in one place. */
export const paths = {
  runs: '/api/runs',
  run: (run: string) => `/api/runs/${run}`,
  control: (run: string) => `/api/runs/${run}/control`,
  takeBack: (run: string) => `/api/runs/${run}/take-back`,
  keys: (run: string) => `/api/runs/${run}/keys`,
  key: (run: string, key: string) => `/api/runs/${run}/keys/${key}`,
  /** What only a host is told. */
  host: (run: string) => `/api/runs/${run}/host`,
  inArchive: (run: string) => `/api/runs/${run}/archived`,
  visibility: (run: string) => `/api/runs/${run}/visibility`,
  archiveTerm: (run: string) => `/api/runs/${run}/archive-term`,
  hostKey: (run: string) => `/api/runs/${run}/host-key`,
  volunteer: (run: string, volunteer: string) => `/api/runs/${run}/volunteers/${volunteer}`,
  join: (run: string) => `/api/runs/${run}/join`,
  pass: (run: string) => `/api/runs/${run}/pass`,
  leases: (run: string) => `/api/runs/${run}/leases`,
  update: (run: string, lease: string) => `/api/runs/${run}/leases/${lease}/update`,
  release: (run: string, lease: string) => `/api/runs/${run}/leases/${lease}/release`,
  checks: (run: string) => `/api/runs/${run}/checks`,
  check: (run: string, check: string) => `/api/runs/${run}/checks/${check}`,
  versions: (run: string) => `/api/runs/${run}/versions`,
  version: (run: string, version: number) => `/api/runs/${run}/versions/${version}`,
  ledger: (run: string) => `/api/runs/${run}/ledger`,
  archive: (run: string, role: string, round: number) => `/api/runs/${run}/archive/${role}/${round}`,
  archived: (run: string, role: string, round: number, number: number) =>
    `/api/runs/${run}/archive/${role}/${round}/${number}`,
  events: (run: string) => `/api/runs/${run}/events`,
  blob: (sha256: string) => `/api/blobs/${sha256}`,
  lackingBlobs: '/api/blobs/lacking',
  datasets: '/api/datasets',
  /** Who owns the deployment. */
  owner: '/api/owner',
  claim: '/api/owner/claim',
  /** What is stored, and for whom. */
  storage: '/api/owner/storage',
} as const;

/** The page of a run: join links and QR codes lead to it. */
export const runPage = (run: string): string => `/#/runs/${run}`;

/**
 * The page of a run with a key for whoever opens it. The key stands behind the `#`, which browsers send to nobody: no log of
 * a server or proxy has it.
 */
export const keyPage = (run: string, key: string): string => `${runPage(run)}?key=${key}`;

/** The page of a run with the host key for another browser of the host. It stands behind the `#` for the same reason. */
export const hostPage = (run: string, hostKey: string): string => `${runPage(run)}?host=${hostKey}`;
/** The pages on which a network is tried. They alone may be framed by other sites. */
export const TRY_PAGES = '/try/';

/** The page on which the network of a run is tried. */
export const tryPage = (run: string): string => `${TRY_PAGES}${run}`;

/** [CROWD8] The page of the platform's check of people, which has a security policy of its own. */
export const PERSON_PAGE = '/person';

export interface RunLink {
  readonly origin: string;
  readonly run: string;
  /** Of a referee, if the host has put one into the link. */
  readonly key?: string;
  /** The host key, in a link that carries host rights to another browser. */
  readonly hostKey?: string;
  /** The link names such a key, and what stands there is none: it was cut off, or mistyped. */
  readonly brokenKey?: 'key' | 'host';
}

/** Origin and run of a join link, or of the link to the page that tries its network. Null if the text is neither. */
export function parseRunLink(link: string): RunLink | null {
  const [, origin, run, query] =
    /^(https?:\/\/[^/?#]+).*(?:#\/runs|\/try)\/([a-z0-9]{6,32})(?:\?(.*))?/.exec(link.trim()) ?? [];
  if (!origin || !run) return null;
  const [key, hostKey] = [valueIn(query, 'key'), valueIn(query, 'host')];
  return {
    ...{ origin, run },
    ...(isKey(key) && { key }),
    ...(isKey(hostKey) && { hostKey }),
    ...(hostKey !== null && !isKey(hostKey) && { brokenKey: 'host' as const }),
    ...(key !== null && !isKey(key) && { brokenKey: 'key' as const }),
  };
}

const valueIn = (query = '', name: 'key' | 'host'): string | null =>
  new RegExp(`(?:^|&)${name}=([^&]*)`).exec(query)?.[1] ?? null;

const isKey = (text: string | null): text is string => text !== null && /^[0-9a-f]{64}$/.test(text);
