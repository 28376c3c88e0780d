import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paths } from '../../shared/protocol/paths.ts';
import { DeployedPlatform, OWNER_KEY, WORKERS_DEV } from '../support/deployed-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const CUSTOM = 'https://class.example';
const platform = new DeployedPlatform();
let run: string;
beforeAll(async () => {
  ({ run } = await createTinyRun(await platform.client(), { key: OWNER_KEY }));
});
afterAll(() => platform.stop());

describe('a path that is none', () => {
  it.each([{}, { accept: 'text/html', 'sec-fetch-mode': 'navigate' }])(
    'is the page 404 of the pages, without the Worker: %o',
    async headers => {
      const response = await platform.fetch('/wp-login.php', { headers });
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('There is no page here');
      // A header of the pages, which the Worker never sends with a refusal.
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    },
  );

  it('is a refusal within the API', async () => {
    const response = await platform.fetch('/api/wp-login.php');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { reason: 'not-found' } });
  });

  it('leaves the pages that the Worker serves where they are', async () => {
    expect((await platform.fetch('/')).status).toBe(200);
    const tried = await platform.fetch(`/try/${run}`);
    expect(tried.headers.get('content-security-policy')).toContain('frame-ancestors *');
  });
});

describe.each([WORKERS_DEV, CUSTOM])('a socket at %s', own => {
  const open = async (headers: Readonly<Record<string, string>>) => {
    const url = `${own}${paths.events(run)}?frames=1`;
    const response = await platform.fetch(url, { headers: { upgrade: 'websocket', ...headers } });
    response.webSocket?.accept();
    response.webSocket?.close();
    return response;
  };

  it.each([
    'https://evil.example',
    'https://evil.school.workers.dev',
    'https://homeroom.school.workers.dev.evil.example',
    'https://sub.class.example',
    'http://localhost:8787',
    'null',
  ])('of the page %s is refused', async origin => {
    const response = await open({ origin });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { reason: 'other-site' } });
  });

  it('of a page of its own other name is refused, as every other site’s', async () => {
    const other = own === CUSTOM ? WORKERS_DEV : CUSTOM;
    expect((await open({ origin: other })).status).toBe(403);
  });

  it('of its own page is opened, and that of a program that names no page', async () => {
    expect((await open({ origin: own })).status).toBe(101);
    expect((await open({ origin: own, 'sec-fetch-site': 'same-origin' })).status).toBe(101);
    expect((await open({})).status).toBe(101);
  });

  it('is refused if the browser says that the page is another site’s, whatever its origin', async () => {
    expect((await open({ origin: own, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });
});
