/** Every path of the API in one place. */
export const paths = {
  runs: '/api/runs',
  run: (run: string) => `/api/runs/${run}`,
  control: (run: string) => `/api/runs/${run}/control`,
  join: (run: string) => `/api/runs/${run}/join`,
  leases: (run: string) => `/api/runs/${run}/leases`,
  update: (run: string, lease: string) => `/api/runs/${run}/leases/${lease}/update`,
  release: (run: string, lease: string) => `/api/runs/${run}/leases/${lease}/release`,
  version: (run: string, version: number) => `/api/runs/${run}/versions/${version}`,
  ledger: (run: string) => `/api/runs/${run}/ledger`,
  archive: (run: string, role: string, round: number) => `/api/runs/${run}/archive/${role}/${round}`,
  archived: (run: string, role: string, round: number, number: number) =>
    `/api/runs/${run}/archive/${role}/${round}/${number}`,
  events: (run: string) => `/api/runs/${run}/events`,
  blob: (sha256: string) => `/api/blobs/${sha256}`,
  datasets: '/api/datasets',
} as const;

/** The page of a run: join links and QR codes lead to it. */
export const runPage = (run: string): string => `/#/runs/${run}`;

/** Origin and run of a join link, or null if the text is no join link. */
export function parseRunLink(link: string): { readonly origin: string; readonly run: string } | null {
  const [, origin, run] = /^(https?:\/\/[^/?#]+).*#\/runs\/([a-z0-9]{6,32})/.exec(link.trim()) ?? [];
  return origin && run ? { origin, run } : null;
}
