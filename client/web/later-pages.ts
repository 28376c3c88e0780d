/** Pages that are loaded when somebody opens them. */
export const loadRunPage = async () => (await import('./run/run-page.tsx')).RunPage;
export const loadNewRunPage = async () => (await import('./new-run/new-run-page.tsx')).NewRunPage;
export const loadCheckPage = async () => (await import('./check/check-page.tsx')).CheckPage;
export const loadTrustPage = async () => (await import('./trust/trust-page.tsx')).TrustPage;
