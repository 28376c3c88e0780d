import type { Page } from 'playwright-core';

/** Runs in pages and in workers: what the policy forbade is told on the console. */
const tellViolations = (): void => {
  addEventListener('securitypolicyviolation', event =>
    console.error(`forbidden: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`),
  );
};

/** Adds what the security policy forbids a page to `violations`. Call it before the page loads anything. */
export async function watchViolations(page: Page, violations: string[]): Promise<void> {
  await page.addInitScript(tellViolations);
  page.on('console', message => {
    if (/^forbidden|Content Security Policy/.test(message.text())) violations.push(message.text());
  });
  // A thread that runs kernels never listens, and ends with the page.
  page.on('worker', worker => void worker.evaluate(tellViolations).catch(() => {}));
}
