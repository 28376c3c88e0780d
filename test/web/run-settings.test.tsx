import { fireEvent, render, screen, within } from '@testing-library/preact';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultGlyphs, defaultSpec } from '../../client/host/default-spec.ts';
import { runSettings } from '../../client/web/run/run-settings.ts';
import { SettingsPanel } from '../../client/web/run/settings-panel.tsx';
import { loadLanguage } from '../../client/web/words/language.ts';
import { planNames } from '../../shared/protocol/plan-spec.ts';
import { runSpecSchema } from '../../shared/protocol/run-spec.ts';
import { factsOf, RUN } from './some-run.ts';

afterEach(() => loadLanguage('en'));

const settingsBy = (): ReadonlyMap<string, string> =>
  new Map(
    runSettings(factsOf()).flatMap(({ settings }) =>
      settings.map(([name, value]) => [name, [value].flat().join(' | ')] as const),
    ),
  );

describe('the settings of a run', () => {
  it('are told in words, from the data to the rule', () => {
    const told = settingsBy();
    const { training, seed, policy } = factsOf().spec;
    expect(told.get('Pictures a step')).toBe(String(training.batch));
    expect(told.get('Learning rate')).toContain(`${training.learningRate} at the start`);
    expect(told.get('Seed')).toContain(String(seed));
    expect(told.get('Size')).toBe('28 × 28, grey');
    expect(told.get('First segment frozen from')).toBe('0.7');
    expect(told.get('Who trains what in a round')).toBe('volunteers share the segments');
    expect(told.get('How updates are sent')).toBe('16 bits a weight (f16)');
    expect(told.get('Kept')).toBe(`updates and versions for ${policy.keepRounds} rounds`);
    expect(told.get('Segments')).toContain('segment-1, ');
  });

  it.each(planNames)('of the plan %s are all told, in German too', async plan => {
    const spec = runSpecSchema.parse(
      defaultSpec({ name: 'Digits', seed: 1, dataset: defaultGlyphs(1), plan, rounds: 10 }),
    );
    const tell = (): number => {
      const [, , told] = runSettings(factsOf({ spec }));
      return told?.settings.length ?? 0;
    };
    const count = Object.keys(spec.plan).length;
    expect(tell()).toBe(count);
    await loadLanguage('de');
    expect(tell()).toBe(count);
  });

  it('are shown if somebody opens them, with the way to a run that is made alike', async () => {
    render(<SettingsPanel facts={factsOf()} />);
    expect(screen.queryByTestId('settings')).toBeNull();
    const details = screen.getByRole('group') as HTMLDetailsElement;
    details.open = true;
    fireEvent(details, new Event('toggle'));
    const shown = within(await screen.findByTestId('settings'));
    expect(shown.getByText('Learning rate')).toBeTruthy();
    expect(screen.getByTestId('clone-run').getAttribute('href')).toBe(`#/new?from=${RUN}`);
  });
});
