import { readFileSync } from 'node:fs';
import { render, screen } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { trust } from '../../client/web/words/en/trust.tsx';
import { MAX_DROP, runSpecSchema } from '../../shared/protocol/run-spec.ts';

const textOf = (heading: string): string =>
  screen.getByRole('heading', { name: heading }).closest('section')?.textContent ?? '';

describe('the page on trust', () => {
  it('tells each of those who are there what they risk, and what a run without a referee does not defend', () => {
    render(<trust.Body />);
    expect(screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent)).toEqual([
      'Who is who',
      'If you volunteer',
      'If you host a run',
      'What a run without a referee does not defend',
      'What the platform thinks of a device',
      'What holds strangers back',
      'What the owner of the platform sees and can do',
      'If you find a hole',
    ]);
  });

  it('[BACK5] [CROWD2] [CHECK1] says the figures and the choices that new runs have', () => {
    render(<trust.Body />);
    const { maxVolunteers } = runSpecSchema.shape.policy.parse({});
    expect(textOf('If you host a run')).toContain(`more than ${100 * MAX_DROP} points`);
    expect(textOf('If you host a run')).toContain('if a referee is there, always, or never');
    expect(textOf('What holds strangers back')).toContain(`${maxVolunteers.toLocaleString('en')} unless`);
  });

  it('[CROWD8] says what the check of people could do, as the page for those who report holes does', () => {
    render(<trust.Body />);
    expect(textOf('What holds strangers back')).toContain('could read what Homeroom keeps in your browser');
    const security = readFileSync('.github/SECURITY.md', 'utf8');
    expect(security).toContain('could read what the pages keep in a browser');
    expect(textOf('If you find a hole')).toContain('.github/SECURITY.md');
  });
});
