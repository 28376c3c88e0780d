import { describe, expect, it } from 'vitest';
import { planSettings } from '../../client/host/plan-settings.ts';
import { plans } from '../../client/web/words/de/plans.ts';
import { settings } from '../../client/web/words/de/settings.ts';
import { planNames } from '../../shared/protocol/plan-spec.ts';

const all = planNames.flatMap(plan => planSettings(plan));

describe('the settings of plans in German', () => {
  it.each(all)('have words of their own on the page of a run and in the form: $name', setting => {
    const { label, choices = {} } = setting.text;
    expect(settings.planLabel(setting)).not.toBe(label);
    expect(plans.label(setting)).toBe(settings.planLabel(setting));
    for (const [choice, text] of Object.entries(choices))
      expect(settings.planChoice(setting, choice)).not.toBe(text);
  });
});
