import { expect, it } from 'vitest';
import { parseJsonBytes } from '../../../shared/math/utf8.ts';

const parse = (text: string): unknown => parseJsonBytes(new TextEncoder().encode(text));
const nested = (depth: number, inner = ''): string => '['.repeat(depth) + inner + ']'.repeat(depth);

it('JSON nests 200 deep and no deeper', () => {
  expect(parse(nested(200))).toBeDefined();
  expect(parse(nested(201))).toBeUndefined();
  expect(parse(`{"a":${nested(200)}}`)).toBeUndefined();
  expect(parse(nested(1_000_000))).toBeUndefined();
});

it('brackets beside one another, and within texts, nest nothing', () => {
  expect(parse(`[${Array(300).fill('[]').join()}]`)).toHaveLength(300);
  expect(parse(nested(200, `"${'['.repeat(300)}\\"${'{'.repeat(300)}\\\\"`))).toBeDefined();
  expect(parse(`["\\\\",${nested(200)}]`)).toBeUndefined();
});
