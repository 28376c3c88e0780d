import { describe, expect, it } from 'vitest';
import { planSettings } from '../../client/host/plan-settings.ts';
import { choiceText, planTexts, settingLabel } from '../../client/web/new-run/plan-texts.ts';
import { planNames } from '../../shared/protocol/plan-spec.ts';

describe('the form of a plan', () => {
  it.each(planNames)('says what it is, and its settings and their choices in words: %s', plan => {
    expect(planTexts[plan]).toMatch(/ .*\.$/);
    for (const setting of planSettings(plan)) {
      expect(settingLabel(setting)).not.toBe(setting.name);
      for (const choice of setting.kind === 'choice' ? setting.choices : [])
        expect(choiceText(choice)).toMatch(/ /);
    }
  });
});
