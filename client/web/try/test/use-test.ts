import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { isMissing } from '../../../platform/call-platform.ts';
import type { TestResult } from '../../../trainer/trainer-api.ts';
import type { RunFacts } from '../../state/live-run.ts';
import { platformClient } from '../../state/platform-client.ts';
import { problemText } from '../../words/problem-text.ts';
import { testVersion } from './test-version.ts';

/** A test that is over, or that goes on. */
export interface ShownTest {
  readonly version: number;
  readonly result: TestResult | null;
  /** Of all test pictures. */
  readonly share: number;
  /** When it ended; null if it goes on, or was broken off. */
  readonly at: number | null;
}

export type TestProblem = 'gone' | { readonly why: string };

/** Tests versions in this tab, one at a time. */
export function useTest(facts: RunFacts) {
  const test = useSignal<ShownTest | null>(null);
  const problem = useSignal<TestProblem | null>(null);
  const running = useSignal(false);
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);

  const start = async (version: number): Promise<void> => {
    const stop = new AbortController();
    stopping.current = stop;
    running.value = true;
    problem.value = null;
    test.value = { version, result: null, share: 0, at: null };
    try {
      const result = await testVersion(platformClient, facts, version, stop.signal, progress => {
        test.value = { version, ...progress, at: null };
      });
      test.value = { version, result, share: 1, at: Date.now() };
    } catch (error) {
      if (!stop.signal.aborted) problem.value = isMissing(error) ? 'gone' : { why: problemText(error) };
    }
    running.value = false;
  };
  return { test, problem, running, start, stop: () => stopping.current?.abort() };
}
