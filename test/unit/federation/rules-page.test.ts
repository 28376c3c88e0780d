import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const page = read('shared/federation/README.md');
const rules = Array.from(page.matchAll(/^- \*\*([A-Z]+\d+)\*\* /gm), ([, rule = '']) => rule);

const groupOf = (rule: string): string => rule.replace(/\d+$/, '');
const groups = [...new Set(rules.map(groupOf))];
const anyRule = new RegExp(`\\b(?:${groups.join('|')})\\d+\\b`, 'g');

const isCode = (path: string): boolean => /\.tsx?$/.test(path);
const linesUnder = (folder: string): string[] =>
  readdirSync(fileURLToPath(new URL(folder, root)), { recursive: true, encoding: 'utf8' })
    .filter(isCode)
    .flatMap(path => read(`${folder}${path}`).split('\n'));

const isComment = (line: string): boolean => /^\s*(?:\/\/|\/?\*)/.test(line);
const testLines = linesUnder('test/');

test('the rules of each group are numbered from 1, each once and in order', () => {
  expect(rules.length).toBeGreaterThan(0);
  for (const group of groups) {
    const ofGroup = rules.filter(rule => groupOf(rule) === group);
    expect(ofGroup).toEqual(ofGroup.map((_, i) => `${group}${i + 1}`));
  }
});

test('every rule is cited by a test or an invariant', () => {
  const code = testLines.filter(line => !isComment(line)).join('\n');
  const cited = new Set(Array.from(code.matchAll(/\[([A-Z]+\d+)\]/g), ([, rule]) => rule));
  expect(rules.filter(rule => !cited.has(rule))).toEqual([]);
});

test('every rule that is cited, in a test, a comment or on the page itself, is on the page', () => {
  const folders = ['shared/', 'worker/', 'client/'].flatMap(linesUnder);
  const cited = [page, ...testLines, ...folders].flatMap(line => line.match(anyRule) ?? []);
  const named = testLines.flatMap(line =>
    Array.from(line.matchAll(/['"`]\[([A-Z]+\d+)\]/g), ([, rule]) => rule),
  );
  expect([...new Set([...cited, ...named])].filter(rule => !rules.includes(`${rule}`))).toEqual([]);
});
