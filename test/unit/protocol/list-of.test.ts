import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { packageRoot } from '../../../client/headless/package-root.ts';
import { listOf, recordOf } from '../../../shared/protocol/list-of.ts';

const points = listOf(z.object({ x: z.number() }), { min: 1, max: 3 });

it('a list is read as it stands, within its bounds', () => {
  expect(points.parse([{ x: 1 }, { x: 2 }])).toEqual([{ x: 1 }, { x: 2 }]);
  expect(points.safeParse([]).success).toBe(false);
  expect(points.safeParse([{ x: 1 }, { x: 1 }, { x: 1 }, { x: 1 }]).success).toBe(false);
  expect(points.safeParse({ length: 1 }).success).toBe(false);
});

it('a list with many wrong items tells the first one alone, and where it is', () => {
  const wrong = listOf(z.object({ x: z.number() })).safeParse([
    { x: 1 },
    { x: 'a' },
    ...Array(50_000).fill(0),
  ]);
  expect(wrong.error?.issues).toMatchObject([{ path: [1, 'x'], message: expect.stringContaining('number') }]);
});

const ages = recordOf(z.string().regex(/^[a-z]+$/), z.number(), 2);

it('an object with names of a kind is read likewise', () => {
  expect(ages.parse({ ada: 1, bob: 2 })).toEqual({ ada: 1, bob: 2 });
  expect(ages.safeParse({ a: 1, b: 2, c: 3 }).error?.issues).toMatchObject([{ message: 'at most 2 names' }]);
  expect(ages.safeParse({ A: 1, B: 2 }).error?.issues).toMatchObject([{ path: ['A'] }]);
  expect(ages.safeParse({ a: 'x', b: 'y' }).error?.issues).toMatchObject([{ path: ['a'] }]);
  const polluted: unknown = JSON.parse('{"__proto__":{"x":1}}');
  expect(recordOf(z.string(), z.unknown()).safeParse(polluted).success).toBe(true);
  expect(Object.prototype).not.toHaveProperty('x');
});

it('no message has a list or a record that is read otherwise, unless it is short', () => {
  const others = globSync('shared/protocol/*.ts', { cwd: packageRoot })
    .filter(path => !path.endsWith('/list-of.ts'))
    .flatMap(path => readFileSync(join(packageRoot, path), 'utf8').split('\n'))
    .filter(
      line => /z\.(array|record)\(/.test(line) && !/\.(max\(8|length\(3)\)|z\.array\(z\.unknown/.test(line),
    );
  expect(others).toEqual([]);
});
