import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { runHomeroom } from '../../support/run-homeroom.ts';

it('names of strangers, which older releases let in, are shown harmlessly', async () => {
  const steering = '\u001b]0;title\u0007',
    hidden = 'Ada\u200b\u202egnp',
    line = 'two\nlines\u009b2J';
  const run = {
    run: 'abcdef',
    model: 'cnn',
    plan: 'whole',
    dataset: 'glyphs',
    phase: 'open',
    round: 1,
    rounds: 2,
    accuracy: null,
    createdAt: 1,
  };
  const server = createServer((_, response) =>
    response.end(JSON.stringify({ runs: [steering, hidden, line].map(name => ({ ...run, name })) })),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://localhost:${typeof address === 'object' ? address?.port : 0}`;
  const shown = await runHomeroom(['status', url]);
  expect(shown.status).toBe(0);
  expect(shown.stdout.trim().split('\n')).toHaveLength(3);
  expect(shown.stdout).toContain('\\u{1b}]0;title\\u{7}');
  expect(shown.stdout).toContain('Ada\\u{200b}\\u{202e}gnp');
  expect(shown.stdout).toContain('two\\u{a}lines\\u{9b}2J');
  const { stdout } = await runHomeroom(['status', url, '--json']);
  expect(stdout.trim()).toMatch(/^[\x20-\x7e]*$/);
  expect(JSON.parse(stdout).map(({ name }: { name: string }) => name)).toEqual([steering, hidden, line]);
  server.close();
});
