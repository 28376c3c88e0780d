import { expect, it } from 'vitest';
import { createJoinCode } from '../../../client/platform/create-join-code.ts';
import { JOIN_CODE_LENGTH, plainJoinCode } from '../../../shared/protocol/join-code.ts';

it('a join code has no characters that look or sound alike, is as plain as it is compared, and is another each time', () => {
  const codes = Array.from({ length: 500 }, createJoinCode);
  for (const code of codes) {
    expect(code).toMatch(/^[abcdefghjkmnpqrtwxy346789]{6}$/);
    expect(plainJoinCode(code)).toBe(code);
  }
  expect(codes[0]?.length).toBeGreaterThanOrEqual(JOIN_CODE_LENGTH.min);
  expect(new Set(codes).size).toBeGreaterThan(490);
});

it('a code is compared without capitals, spaces and hyphens', () => {
  for (const typed of ['abc-def', ' ABC DEF ', 'abcdef', 'ａｂｃdef'])
    expect(plainJoinCode(typed)).toBe('abcdef');
});
