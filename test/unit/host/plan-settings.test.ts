import { describe, expect, it } from 'vitest';
import {
  choiceText,
  planSettings,
  planSummary,
  readPlan,
  settingHint,
} from '../../../client/host/plan-settings.ts';
import { planNames, planSpecSchema } from '../../../shared/protocol/plan-spec.ts';

describe('the settings of a plan', () => {
  it.each(planNames)('%s: those of its schema, each taken at its default and at its bounds', plan => {
    const settings = planSettings(plan);
    const whole = planSpecSchema.parse({ name: plan });
    expect(settings.map(({ name, standard }) => [name, standard])).toEqual(
      Object.entries(whole).filter(([name]) => name !== 'name'),
    );
    for (const setting of settings)
      for (const value of setting.kind === 'number' ? [setting.least, setting.most] : setting.choices) {
        const reading = readPlan(plan, { [setting.name]: String(value) });
        expect(reading).toEqual({ ok: true, plan: { ...whole, [setting.name]: value } });
      }
  });

  it.each(planNames)('%s: says what it is, and its settings and their choices in words', plan => {
    expect(planSummary(plan)).toMatch(/ .*\.$/);
    for (const setting of planSettings(plan)) {
      expect(setting.text.label).toMatch(/ /);
      if (setting.kind === 'number') expect(settingHint(setting)).toMatch(/ .*\.$/);
      else for (const choice of setting.choices) expect(choiceText(setting, choice)).toMatch(/ /);
    }
  });

  it.each([
    ['growAt', '1.01', 'It takes a number from 0 to 1.'],
    ['growAt', 'half', 'It takes a number from 0 to 1.'],
    ['growAt', ' ', 'It takes a number from 0 to 1.'],
    ['epochs', '1.5', 'It takes a whole number from 1 to 50.'],
    [
      'turns',
      'split',
      'growing-together has no such setting: it has growAt, freezeAt, lambda, beta, temperature, answer, epochs.',
    ],
  ])('%s=%s is refused with what it takes', (name, text, error) => {
    expect(readPlan('growing-together', { [name]: text })).toEqual({ ok: false, errors: { [name]: error } });
  });

  it('a choice is one of its words', () => {
    expect(readPlan('layer-to-layer', { turns: 'random' })).toEqual({
      ok: false,
      errors: { turns: 'It takes one of split, alternate, together.' },
    });
  });
});
