import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { packageRoot } from '../../client/headless/package-root.ts';

const sizes = { desktop: { width: 1_280, height: 900 }, phone: { width: 390, height: 844 } } as const;

/** What a journey shows at this stage, for fresh eyes, at the size of a desktop and of a phone: in `.cache/screenshots`. */
export async function takeScreenshots(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const [device, size] of Object.entries(sizes)) {
    await page.setViewportSize(size);
    await page.screenshot({
      path: join(packageRoot, '.cache', 'screenshots', `${name}-${device}.png`),
      fullPage: true,
    });
  }
  if (before) await page.setViewportSize(before);
}
