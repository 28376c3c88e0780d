import { readFileSync } from 'node:fs';

/** Prints "PASSED FAILED" of a vitest JSON report; a run that left no report, or failed outside a test, is a failure. */
try {
  const { numPassedTests, numFailedTests, success } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  console.log(numPassedTests, success ? numFailedTests : Math.max(1, numFailedTests));
} catch {
  console.log(0, 1);
}
