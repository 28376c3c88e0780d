import type { BrowserContext } from 'playwright-core';

const CLOUDFLARE = 'https://challenges.cloudflare.com';

/**
 * Stands in for Cloudflare's script, of which this is what its documents promise: `turnstile.render` puts a frame of
 * Cloudflare's into the page, and calls back with a token.
 */
const SCRIPT = `
  const heard = [];
  addEventListener('message', event => {
    if (event.origin === '${CLOUDFLARE}') for (const { callback } of heard) callback(event.data);
  });
  window.turnstile = {
    render(container, options) {
      const frame = document.createElement('iframe');
      frame.title = 'Widget containing a Cloudflare security challenge';
      frame.src = '${CLOUDFLARE}/widget?' + new URLSearchParams({ key: options.sitekey, size: options.size });
      frame.width = options.size === 'compact' ? 150 : 300;
      frame.height = 65;
      container.append(frame);
      heard.push(options);
      return 'widget';
    },
    reset() {
      const frame = document.querySelector('iframe');
      frame.src = frame.src;
    },
  };
`;

/** A box to tick, in a frame of another site. */
const frameWith = (token: string): string => `
  <!doctype html>
  <label><input type="checkbox" onclick="parent.postMessage(${JSON.stringify(token).replaceAll('"', "'")}, '*')" />
  Verify you are human</label>
`;

/** What the frame gives when its box is ticked, the first time, the second, and so on. */
export async function stubTurnstile(context: BrowserContext, tokens: readonly string[]): Promise<void> {
  const left = [...tokens];
  await context.route(`${CLOUDFLARE}/turnstile/v0/api.js*`, route =>
    route.fulfill({ contentType: 'text/javascript', body: SCRIPT }),
  );
  await context.route(`${CLOUDFLARE}/widget*`, route =>
    route.fulfill({ contentType: 'text/html', body: frameWith(left.shift() ?? 'none is left') }),
  );
}

/** As a network does that keeps Cloudflare out. */
export const blockTurnstile = async (context: BrowserContext): Promise<void> => {
  await context.route(`${CLOUDFLARE}/**`, route => route.abort());
};
