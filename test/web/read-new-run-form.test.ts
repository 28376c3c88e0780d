import { describe, expect, it } from 'vitest';
import { readNewRunForm } from '../../client/web/new-run/read-new-run-form.ts';
import type { Dataset } from '../../shared/protocol/dataset.ts';
import { JOIN_CODE_LENGTH } from '../../shared/protocol/join-code.ts';
import { createRunRequestSchema } from '../../shared/protocol/messages.ts';

/** Parts of 250, so that the default lease of about 1,000 examples takes four. */
const smallParts: Dataset = {
  kind: 'glyphs',
  name: 'glyphs',
  seed: 1,
  trainParts: 8,
  testParts: 1,
  examplesPerPart: 250,
  partition: { kind: 'iid' },
};

const filled = {
  name: 'Digits of room 12',
  dataset: smallParts.name,
  model: 'cnn',
  plan: 'layer-to-layer',
  rounds: '20',
  targetAccuracy: '95',
  minVolunteers: '1',
  updatesPerRound: '4',
  seed: '1',
  batch: '16',
  learningRate: '0.1',
  evaluators: 'volunteers',
};

const formOf = (fields: Readonly<Record<string, string>>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

describe('the form of a new run', () => {
  it('keeps the defaults that it does not ask for, such as the parts of a lease', () => {
    const reading = readNewRunForm(formOf(filled), [smallParts]);
    expect(reading.ok && reading.spec.training).toEqual({
      batch: 16,
      learningRate: 0.1,
      partsPerLease: 4,
      augment: 'none',
    });
  });

  it('leaves the rule to what the run can go by unless one is chosen, and buckets are of one', () => {
    const ruleOf = (fields: Readonly<Record<string, string>>) => {
      const reading = readNewRunForm(formOf({ ...filled, ...fields }), [smallParts]);
      return reading.ok && [reading.spec.aggregation, reading.spec.robust?.bucket];
    };
    expect(ruleOf({})).toEqual([undefined, undefined]);
    expect(ruleOf({ aggregation: '' })).toEqual([undefined, undefined]);
    expect(ruleOf({ aggregation: 'fltrust' })).toEqual(['fltrust', undefined]);
    expect(ruleOf({ aggregation: 'multi-krum', bucket: '2' })).toEqual(['multi-krum', 2]);
  });

  it('[ROOT3] holds pictures back for a referee unless that is unticked', () => {
    const isHeld = (fields: Readonly<Record<string, string>>) => {
      const reading = readNewRunForm(formOf({ ...filled, ...fields }), [smallParts]);
      return reading.ok && reading.holdsBack;
    };
    expect([isHeld({ holdsBack: 'on' }), isHeld({})]).toEqual([true, false]);
  });

  it('[CHECK1] takes when versions are checked, and leaves that to the platform if it does not ask', () => {
    const checkOf = (fields: Readonly<Record<string, string>>) => {
      const reading = readNewRunForm(formOf({ ...filled, ...fields }), [smallParts]);
      return reading.ok ? reading.spec.policy?.check : reading.errors;
    };
    expect(checkOf({})).toBeUndefined();
    expect(checkOf({ check: 'off' })).toBe('off');
    expect(checkOf({ check: 'always', holdsBack: 'on' })).toBe('always');
    expect(checkOf({ check: 'always' })).toEqual({ check: expect.stringContaining('held-back pictures') });
  });

  it('[BACK5] takes by how many points accuracy may fall, in percent, and tells its bounds so', () => {
    const dropOf = (maxDrop: string) => {
      const reading = readNewRunForm(formOf({ ...filled, maxDrop }), [smallParts]);
      return reading.ok ? reading.spec.policy?.maxDrop : reading.errors.maxDrop;
    };
    expect(['12.5', '0', ''].map(dropOf)).toEqual([0.125, 0, undefined]);
    expect(['101', '-1', 'x'].map(dropOf)).toEqual(['At most 100.', 'At least 0.', 'A number, please.']);
  });

  it('says what is wrong with a bucket', () => {
    const reading = readNewRunForm(formOf({ ...filled, bucket: '65' }), [smallParts]);
    expect(reading).toEqual({ ok: false, errors: { bucket: 'At most 64.' } });
  });

  it('has buffered rounds unless it says otherwise', () => {
    const roundsOf = (fields: Readonly<Record<string, string>>) => {
      const reading = readNewRunForm(formOf({ ...filled, ...fields }), [smallParts]);
      return reading.ok && reading.spec.policy?.rounds;
    };
    expect([{}, { roundPolicy: 'buffered' }, { roundPolicy: 'synchronous' }].map(roundsOf)).toEqual([
      'buffered',
      'buffered',
      'synchronous',
    ]);
  });

  it('takes the rate that suits the network where none is typed, and a file of one’s own for a deep one', () => {
    const rateOf = (fields: Readonly<Record<string, string>>, file?: File): number | undefined => {
      const form = formOf({ ...filled, learningRate: '', ...fields });
      form.set('ownModel', file ?? new File([], ''));
      const reading = readNewRunForm(form, [smallParts]);
      expect(reading.ok && reading.ownModel).toEqual(file ? [file] : []);
      return reading.ok ? reading.spec.training?.learningRate : undefined;
    };
    expect(rateOf({})).toBe(0.05);
    expect(rateOf({ model: 'vgg16' })).toBe(0.01);
    expect(rateOf({}, new File(['{}'], 'model.json'))).toBe(0.01);
  });

  it('takes the plan’s settings that are typed, the others by default, and the parts it is cut into', () => {
    const form = formOf({
      ...filled,
      plan: 'growing-together',
      segments: '3',
      'setting-growAt': '0.4',
      'setting-beta': ' ',
      // Left of another plan: not this one's.
      'setting-alpha': '0.5',
    });
    const reading = readNewRunForm(form, [smallParts]);
    expect(reading.ok && reading.cut).toEqual({ segments: 3 });
    expect(reading.ok && reading.spec.plan).toEqual({
      ...{ name: 'growing-together', growAt: 0.4, freezeAt: 1, lambda: 0.5, beta: 0.5 },
      ...{ temperature: 2, answer: 'last', epochs: 1 },
    });
  });

  it('tells a setting out of its bounds at its field, with what it takes', () => {
    const form = formOf({ ...filled, plan: 'growing-together', 'setting-growAt': '1.5', rounds: '0' });
    const reading = readNewRunForm(form, [smallParts]);
    expect(!reading.ok && reading.errors).toEqual({
      rounds: 'At least 1.',
      'setting-growAt': 'It takes a number from 0 to 1.',
    });
  });

  it('takes for how many rounds updates are kept, or leaves that to the platform', () => {
    const policyOf = (fields: Readonly<Record<string, string>>) => {
      const reading = readNewRunForm(formOf({ ...filled, ...fields }), [smallParts]);
      return reading.ok ? reading.spec.policy?.keepRounds : reading.errors.keepRounds;
    };
    expect(policyOf({ keepRounds: '0' })).toBe(0);
    expect(policyOf({ keepRounds: '' })).toBeUndefined();
    expect(policyOf({ keepRounds: '-1' })).toBe('At least 0.');
    expect(policyOf({ keepRounds: 'x' })).toBe('A number, please.');
  });

  it('tells a number that is none at its field', () => {
    const reading = readNewRunForm(formOf({ ...filled, rounds: 'x', batch: '' }), [smallParts]);
    expect(!reading.ok && Object.keys(reading.errors).sort()).toEqual(['batch', 'rounds']);
  });
});

const joinCodeError = (joinCode: string): string | undefined => {
  const form = new FormData();
  form.set('joinCode', joinCode);
  const reading = readNewRunForm(form, []);
  return reading.ok ? undefined : reading.errors.joinCode;
};

const isTaken = (joinCode: string): boolean =>
  createRunRequestSchema.shape.joinCode.safeParse(joinCode).success;

describe('a join code', () => {
  it.each([JOIN_CODE_LENGTH.min - 1, JOIN_CODE_LENGTH.min, JOIN_CODE_LENGTH.max, JOIN_CODE_LENGTH.max + 1])(
    'takes one of %i characters if the platform does',
    length => {
      const code = 'x'.repeat(length);
      expect(joinCodeError(code) === undefined).toBe(isTaken(code));
    },
  );

  it('may be left out', () => {
    expect(joinCodeError('')).toBeUndefined();
  });
});
