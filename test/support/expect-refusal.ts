import { expect } from 'vitest';
import { runHomeroom } from './run-homeroom.ts';

/** The command says one clear line and nothing else, and ends with status 2: no stack trace. */
export async function expectRefusal(args: readonly string[], words: RegExp): Promise<void> {
  const { status, stdout, stderr } = await runHomeroom(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(words);
}
