import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../client/headless/package-root.ts';
import { frontClasses, leftOutClasses } from '../../../client/trainer/models/topology/front-classes.ts';
import { everywhere, layerClasses } from '../../../client/trainer/models/topology/layer-classes.ts';
import { ignored, penalty } from '../../../client/trainer/models/topology/settings.ts';

const page = readFileSync(join(packageRoot, 'client/trainer/models/topology/README.md'), 'utf8');

/** The settings that change nothing, by the last cell of a row. */
const idle = new Map(
  [...page.matchAll(/^\| ([\w ]+) \| .* \| ([^|]*) \|$/gm)].map(([, name = '', cell = '']) => [
    name,
    [...cell.matchAll(/`(\w+)`/g)].map(([, key = '']) => key),
  ]),
);

/** The settings in each row of the page's table. */
const rows = new Map(
  [...page.matchAll(/^\| ([\w ]+) \| (`.*|–.*) \|$/gm)].map(([, name = '', cells = '']) => [
    name,
    [...cells.matchAll(/`(\w+)`/g)].map(([, key = '']) => key),
  ]),
);

/** Classes that have settings of their own, by name; those that are left out have none that matter. */
const classes = Object.entries({ ...layerClasses, ...frontClasses }).flatMap(([name, { settings }]) => {
  const own = Object.keys(settings).filter(key => settings[key] !== everywhere[key]);
  return own.length === 0 || leftOutClasses.some(left => left === name) ? [] : [{ name, own, settings }];
});

describe('the page of settings', () => {
  it('has a row for each class', () => {
    const named = ['every layer', ...classes.map(({ name }) => name)];
    expect([...rows.keys()].toSorted()).toEqual(named.toSorted());
    expect(rows.get('every layer')?.toSorted()).toEqual(Object.keys(everywhere).toSorted());
  });

  it.each(classes)('has every setting of $name, and no other', ({ name, own, settings }) => {
    expect(rows.get(name)?.toSorted()).toEqual(own.toSorted());
    const leftOut = own.filter(key => settings[key] === ignored || settings[key] === penalty);
    expect(idle.get(name)?.toSorted()).toEqual(leftOut.toSorted());
  });
});
