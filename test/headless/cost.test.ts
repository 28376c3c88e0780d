import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../client/headless/package-root.ts';
import { prices, storagePrices } from '../../shared/cost/platform-prices.ts';
import { runHomeroom } from '../support/run-homeroom.ts';

const page = readFileSync(join(packageRoot, 'worker/COST.md'), 'utf8');

/** Each command on the page, with what the page says that it prints. */
const blocks = [...page.matchAll(/```console\n\$ npx homeroom (.+)\n([^`]*)```/g)].map(
  ([, command = '', printed = '']) => [command, printed] as const,
);

describe('the page of what a deployment costs', () => {
  it('has a class, a thousand volunteers and a hundred thousand', () => {
    expect(blocks.map(([command]) => command)).toEqual(
      expect.arrayContaining([
        'cost',
        'cost --volunteers 1000 --days 30',
        'cost --volunteers 100000 --days 30',
      ]),
    );
  });

  it.each(blocks)('`homeroom %s` prints what the page says', async (command, printed) => {
    expect(await runHomeroom(command.split(' '))).toEqual({ status: 0, stdout: printed, stderr: '' });
  });
});

describe('homeroom cost', () => {
  const jsonOf = async (...args: string[]) => {
    const { status, stdout, stderr } = await runHomeroom(['cost', ...args, '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout);
  };

  it('says as JSON of each thing that is billed what is used, and that a class fits into the free plan', async () => {
    const { volunteers, minutes, withR2, withoutR2, pricesReadOn } = await jsonOf();
    expect([volunteers, minutes]).toEqual([30, 60]);
    expect(pricesReadOn).toMatch(/^\d{4}-\d\d-\d\d$/);
    const billed = [...Object.keys(prices), ...Object.keys(storagePrices)];
    for (const plan of [withR2, withoutR2]) {
      expect(plan.lines.map(({ name }: { name: string }) => name)).toEqual(billed);
      expect(plan).toMatchObject({ fits: true, paidUSDAMonth: expect.any(Number) });
    }
    // There is room: a quarter is left.
    expect(withR2.first.share).toBeLessThan(0.75);
  });

  it('splits a crowd that no run takes', async () => {
    expect(await jsonOf('--volunteers', '20000')).toMatchObject({ runs: 1 });
    expect(await jsonOf('--volunteers', '100000')).toMatchObject({ runs: 5, withR2: { fits: false } });
  });
});
