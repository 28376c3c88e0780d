import { describe, it } from 'vitest';
import { expectRefusal } from '../../support/expect-refusal.ts';

describe('wrong input for a run, or a demo of one, is refused in one line with what to do', () => {
  it.each([
    ['an unknown flag', ['demo', '--foo'], /unknown option '--foo'.*--help/],
    [
      'a count that is none',
      ['demo', '--rounds', 'many'],
      /'--rounds <n>' argument 'many' is invalid.*whole number from 1 to 1000/,
    ],
    [
      'an unknown data set',
      ['demo', '--dataset', 'imagenet'],
      /imagenet.*Allowed choices are glyphs, digits, penguins, mnist/,
    ],
    [
      'more weak volunteers than there are',
      ['demo', '--weak', '5'],
      /--weak 5: there are 4 volunteers \(--volunteers\)/,
    ],
    ['a share of weak volunteers', ['demo', '--weak', '0.5'], /--weak.*whole number from 0 to 64/],
    ['an unknown plan', ['demo', '--plan', 'osmosis'], /osmosis.*layer-to-layer/],
    ['an unknown model', ['demo', '--model', 'gpt'], /gpt.*cnn.*model\.json/],
    [
      'a network that is not there',
      ['demo', '--model', './no-net'],
      /no-net cannot be read: it is not there/,
    ],
    ['a folder without a network', ['demo', '--model', '/etc'], /\/etc has no model\.json/],
    [
      'a setting outside its bounds',
      ['demo', '--set', 'freezeAt=1.5'],
      /--set freezeAt=1\.5: It takes a number from 0 to 1/,
    ],
    ['a data set without its files', ['demo', '--dataset', 'mnist'], /mnist is not built in.*--data DIR/],
    [
      'a folder that is not there',
      ['demo', '--dataset', 'mnist', '--data', '/nowhere'],
      /there is no folder or file \/nowhere/,
    ],
    [
      'a report that cannot be written',
      ['demo', '--json', '/nowhere/x.json'],
      /cannot write \/nowhere\/x.json/,
    ],
    ['a folder in a report’s place', ['demo', '--json', '/tmp'], /cannot write \/tmp: it is a folder/],
    ['a demo with an empty name', ['demo', '--name', ''], /'--name <name>' argument '' is invalid/],
    [
      'a join code of hyphens',
      ['demo', '--code', '- - - a'],
      /'--code <code>' argument '- - - a' is invalid.*6 to 40 characters/,
    ],
    [
      'a join code that is empty, as of a variable that is not set',
      ['create', '--to', 'http://localhost:1', '--code', ''],
      /'--code <code>' argument '' is invalid.*6 to 40 characters/,
    ],
    [
      'a name of a run that moves the cursor',
      ['create', '--name', 'a\u001b[2Jb'],
      /'--name <name>' argument 'a\\u\{1b\}\[2Jb' is invalid.*one line of 1 to 80 characters/,
    ],
    [
      'a name of a run that turns what follows',
      ['create', '--name', 'a\u202eb'],
      /'a\\u\{202e\}b' is invalid/,
    ],
    [
      'a run that is in the list and is not',
      ['create', '--public', '--unlisted'],
      /'--(public|unlisted)' cannot be used with option '--(public|unlisted)'/,
    ],
    ['a run without a name', ['create', '--name', ' '], /'--name <name>' argument ' ' is invalid/],
    ['a name of a run that is a book', ['create', '--name', 'x'.repeat(81)], /x' is invalid.*80 characters/],
    [
      'an option that is nearly one',
      ['create', '--names', 'x'],
      /unknown option '--names'.*Did you mean --name\?/,
    ],
    ['a folder in a network’s place', ['create', '--model', '/etc/'], /\/etc\/ has no model\.json/],
    [
      'settings that are none',
      ['create', '--set', 'beta'],
      /'--set <settings>' argument 'beta' is invalid.*as alpha=0\.5,beta=0\.5/,
    ],
    [
      'a run on a platform that is not there, before its network is built',
      ['create', '--to', 'http://localhost:9'],
      /^homeroom: nobody replies at http:\/\/localhost:9 as .*check the address, and whether `npx homeroom start` runs/,
    ],
    ['a run with an empty name', ['create', '--name', ''], /'--name <name>' argument '' is invalid/],
  ])('%s', (_, args, words) => expectRefusal(args, words));
});
