import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { packageRoot } from '../../../client/headless/package-root.ts';

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

const names = z.record(z.string(), z.string());
const { scripts, dependencies, devDependencies } = z
  .object({ scripts: names, dependencies: names, devDependencies: names })
  .parse(JSON.parse(read('package.json')));

const PAGES = [
  ...['README.md', '.github/CONTRIBUTING.md'],
  ...globSync('{shared,worker,client,test}/**/README.md', { cwd: packageRoot }),
];

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, found]) => found ?? []);

const isThere = (path: string): boolean =>
  ['', '.ts', '.tsx'].some(ending => existsSync(join(packageRoot, path + ending)));

/** Where a page's links lead, those to other sites left out. */
const linksOf = (page: string): string[] =>
  matches(read(page), /\]\(([^)#\s]+)/g)
    .filter(link => !link.includes('://'))
    .map(link => join(dirname(page), link));

/** Paths from the root that a page names. A placeholder (`NAME`, `…`) or a pattern (`*`, `{a,b}`) is none. */
const pathsOf = (page: string): string[] =>
  matches(read(page), /`((?:shared|worker|client|test|\.ci|\.github)\/[^`\s]*)`/g).filter(
    path => !/NAME|[…*{]/.test(path),
  );

const SOURCES = globSync('{shared,worker,client,test}/**/*.{ts,tsx,mjs}', { cwd: packageRoot });

/** Pages that the comments of a file cite, from the root or from beside the file. */
const citedBy = (source: string): string[] =>
  matches(read(source), /^\s*(?:\/?\*+|\/\/)(.*)$/gm)
    .flatMap(comment => matches(comment, /([\w./-]+\.md)\b/g))
    .filter(page => !isThere(page) && !isThere(join(dirname(source), page)));

describe.each(PAGES)('%s', page => {
  it('leads to files that are there', () => {
    expect(linksOf(page).filter(path => !isThere(path))).toEqual([]);
  });

  it('names files that are there', () => {
    expect(pathsOf(page).filter(path => !isThere(path))).toEqual([]);
  });

  it('names scripts that package.json has', () => {
    const named = matches(read(page), /npm run ([\w:]+)/g);
    expect(named.filter(name => !(name in scripts))).toEqual([]);
  });
});

it('comments cite pages that are there', () => {
  const missing = SOURCES.flatMap(source => citedBy(source).map(page => `${source}: ${page}`));
  expect(missing).toEqual([]);
});

it('README says of every library what it is for', () => {
  const [, table = ''] = read('README.md').split('### Libraries, and why');
  const [ofTfjs = ''] = table.split('\n').filter(line => line.includes('@tensorflow/tfjs'));
  const isNamed = (name: string): boolean => {
    const [, tfjs] = /^@tensorflow\/tfjs(-.+)?$/.exec(name) ?? [];
    return tfjs ? ofTfjs.includes(tfjs) : new RegExp(`[| ]${name}[ ,(]`).test(table);
  };
  const libraries = Object.keys({ ...dependencies, ...devDependencies });
  // Types that come in a package of their own stand with their library.
  expect(libraries.map(name => name.replace('@types/', '')).filter(name => !isNamed(name))).toEqual([]);
});
