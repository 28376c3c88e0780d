import { expect, test } from 'vitest';
import { readNewRunForm } from '../../../client/web/new-run/new-run-form.ts';
import { createRunRequestSchema, JOIN_CODE_LENGTH } from '../../../shared/protocol/messages.ts';

const joinCodeError = (joinCode: string): string | undefined => {
  const form = new FormData();
  form.set('joinCode', joinCode);
  const reading = readNewRunForm(form, []);
  return reading.ok ? undefined : reading.errors.joinCode;
};

const isTaken = (joinCode: string): boolean =>
  createRunRequestSchema.shape.joinCode.safeParse(joinCode).success;

test.each([JOIN_CODE_LENGTH.min - 1, JOIN_CODE_LENGTH.min, JOIN_CODE_LENGTH.max, JOIN_CODE_LENGTH.max + 1])(
  'the form takes a join code of %i characters where the platform does',
  length => {
    const code = 'x'.repeat(length);
    expect(joinCodeError(code) === undefined).toBe(isTaken(code));
  },
);

test('a run without a join code needs none', () => {
  expect(joinCodeError('')).toBeUndefined();
});
