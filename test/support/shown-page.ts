import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** From a small phone to a projector. The width decides the order of things, and the scheme only their colours. */
const looks = [
  ...([320, 390, 768, 1_280, 1_920] as const).map(width => ({ colorScheme: 'light', width }) as const),
  ...([320, 1_280] as const).map(width => ({ colorScheme: 'dark', width }) as const),
];

/** What is wrong with a page on any screen, in light and dark, each with where it was. */
export async function faultsEverywhere(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    faults.push(...(await faultsOf(page)).map(fault => `${colorScheme}, ${width} px: ${fault}`));
  }
  return faults;
}

/**
 * What axe finds wrong with a page as it is shown now, each in a line: the rule, and the first place. It also tells a page
 * that is wider than its window.
 */
async function faultsOf(page: Page): Promise<string[]> {
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
