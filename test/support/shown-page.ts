import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** From a small phone to a projector. */
export const widths = [320, 390, 1_280, 1_920] as const;

export const schemes = ['light', 'dark'] as const;

/**
 * What axe finds wrong with a page as it is shown now, each in a line: the rule, and the first place. It also tells a page
 * that is wider than its window.
 */
export async function faultsOf(page: Page): Promise<string[]> {
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  const wider = tooWide > 0 ? [`${tooWide} px wider than the window`] : [];
  // What moves or appears has another colour for a moment.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.cancel();
  });
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return [
    ...wider,
    ...violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`),
  ];
}

/** Keeps what a page tells on its console as an error, or throws. Call it before the page loads anything. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', error => errors.push(error.message));
  return errors;
}

/** Whether one sees where the keyboard is. */
export const showsFocus = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const style = document.activeElement && getComputedStyle(document.activeElement);
    return !!style && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
  });

/** What the keyboard is on, for a message. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120) ?? 'nothing');
