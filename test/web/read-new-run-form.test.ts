import { describe, expect, it } from 'vitest';
import { zooOutline } from '../../client/host/zoo/zoo-outline.ts';
import type { OwnModel } from '../../client/web/new-run/own-model/read-own-model.ts';
import {
  type FormKnowledge,
  type FormReading,
  readNewRunForm,
} from '../../client/web/new-run/read-new-run-form.ts';
import { valuesOfRun } from '../../client/web/new-run/values-of-run.ts';
import type { Dataset } from '../../shared/protocol/dataset.ts';
import { JOIN_CODE_LENGTH } from '../../shared/protocol/join-code.ts';
import { createRunRequestSchema } from '../../shared/protocol/messages.ts';
import type { ModelOutline } from '../../shared/protocol/model-outline.ts';
import { partBytes } from '../../shared/protocol/part-size.ts';
import { runSpecSchema } from '../../shared/protocol/run-spec.ts';

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

const outline = (name: string): ModelOutline => {
  const made = zooOutline({
    ...{ name, shape: { height: 28, width: 28, channels: 1 }, classes: 10, segments: 2, heads: 'linear' },
  });
  if (!made) throw new Error(`no outline of ${name}`);
  return made;
};
const someOutline = outline('cnn');

const network: OwnModel = { model: 'mine', files: { modelJson: new Uint8Array(), weights: {} }, notes: [] };

const read = (
  fields: Readonly<Record<string, string>> = {},
  known: Partial<FormKnowledge> = {},
): FormReading =>
  readNewRunForm(
    { ...filled, ...fields },
    { datasets: [smallParts], taken: [], now: new Date(2026, 10, 28), base: null, ownModel: null, ...known },
  );

const errorsIn = (fields: Readonly<Record<string, string>>) => {
  const reading = read(fields);
  return reading.ok ? {} : reading.errors;
};

const specOf = (fields: Readonly<Record<string, string>>, known: Partial<FormKnowledge> = {}) => {
  const reading = read(fields, known);
  return reading.ok ? reading.choices.spec : null;
};

describe('the form of a new run', () => {
  it('keeps the defaults that it does not ask for, such as the parts of a lease', () => {
    expect(specOf({})?.training).toEqual({ batch: 16, learningRate: 0.1, partsPerLease: 4, augment: 'none' });
  });

  it('has a default for every field that is left empty', () => {
    const empty = Object.fromEntries(Object.keys(filled).map(name => [name, '']));
    const spec = specOf(empty);
    expect(spec).toMatchObject({
      name: 'Digits, 28 November',
      ...{ rounds: 20, seed: 1, targetAccuracy: 0.95, plan: { name: 'layer-to-layer' } },
      ...{ policy: { minVolunteers: 1, updatesPerRound: 4 }, training: { batch: 32, learningRate: 0.05 } },
    });
  });

  it('makes a name that no run has', () => {
    const nameWith = (...taken: readonly string[]) => specOf({ name: ' ' }, { taken })?.name;
    expect(nameWith()).toBe('Digits, 28 November');
    expect(nameWith('Digits, 28 November')).toBe('Digits, 28 November (2)');
    expect(nameWith('Digits, 28 November', 'Digits, 28 November (2)')).toBe('Digits, 28 November (3)');
  });

  it.each([
    ['12,5', 0.125],
    ['12.5', 0.125],
    ['95', 0.95],
    [',5', undefined],
    ['1.000,5', undefined],
    ['9 5', undefined],
  ])('reads %s as a share typed in percent', (targetAccuracy, share) => {
    expect(specOf({ targetAccuracy })?.targetAccuracy).toBe(share);
  });

  it.each(['1,000', '1.000', '1e3', '0x10', '2.5', 'x'])('refuses %s as a whole number', rounds => {
    expect(errorsIn({ rounds })).toEqual({ rounds: 'A whole number, please, without a point or a comma.' });
  });

  it('tells the bound of the field, not of the machine, for a huge number', () => {
    expect(errorsIn({ batch: '99999999999999999999' })).toEqual({ batch: 'At most 1024.' });
    expect(errorsIn({ batch: '-99999999999999999999' })).toEqual({ batch: 'At least 1.' });
    expect(errorsIn({ seed: '99999999999999999999' })).toEqual({ seed: 'At most 2147483648.' });
  });

  it('refuses a target that guessing reaches', () => {
    for (const targetAccuracy of ['0', '10', '-1', '9,9'])
      expect(errorsIn({ targetAccuracy }).targetAccuracy).toBe('More than 10: guessing alone reaches that.');
    expect(errorsIn({ targetAccuracy: '10.1' })).toEqual({});
    expect(errorsIn({ targetAccuracy: '101' }).targetAccuracy).toBe('At most 100.');
  });

  it('takes no more segments than the network has places for', () => {
    expect(errorsIn({ segments: '3' })).toEqual({});
    expect(errorsIn({ segments: '4' })).toEqual({ segments: 'cnn can be cut into at most 3.' });
  });

  it('takes no plan of more stages than rounds', () => {
    expect(errorsIn({ plan: 'growing', segments: '3', rounds: '2' })).toEqual({
      rounds: 'Too few for this plan: some layers would never be trained.',
    });
  });

  it('takes no network that such pictures are too small for', () => {
    const shape = { height: 6, width: 6, channels: 1 };
    const part = { sha256: 'a'.repeat(64), bytes: partBytes(shape, 100), examples: 100 };
    const tiny: Dataset = {
      ...{ kind: 'hosted', name: 'tiny', shape, classes: 10, partition: { kind: 'iid' } },
      ...{ train: [part], test: [part] },
    };
    const reading = read({ dataset: 'tiny', model: 'densenet-28-12' }, { datasets: [tiny] });
    expect(!reading.ok && reading.errors).toEqual({ model: 'Needs pictures of at least 7 × 7.' });
  });

  it('leaves the rule to what the run can go by unless one is chosen, and buckets are of one', () => {
    const ruleOf = (fields: Readonly<Record<string, string>>) => {
      const spec = specOf({ updatesPerRound: '40', holdsBack: 'on', ...fields });
      return spec && [spec.aggregation, spec.robust?.bucket];
    };
    expect(ruleOf({})).toEqual([undefined, undefined]);
    expect(ruleOf({ aggregation: '' })).toEqual([undefined, undefined]);
    expect(ruleOf({ aggregation: 'fltrust' })).toEqual(['fltrust', undefined]);
    expect(ruleOf({ aggregation: 'multi-krum', bucket: '2' })).toEqual(['multi-krum', 2]);
  });

  it('tells at its field why a rule could never count', () => {
    expect(errorsIn({ aggregation: 'multi-krum' }).aggregation).toMatch(/^multi-krum compares 5 updates/);
    expect(errorsIn({ aggregation: 'fltrust', holdsBack: 'off' }).aggregation).toMatch(
      /^This rule needs held-back data/,
    );
  });

  it('[ROOT3] holds pictures back for a referee unless that is unticked', () => {
    const isHeld = (holdsBack: string) => {
      const reading = read({ holdsBack });
      return reading.ok && reading.choices.holdsBack;
    };
    expect([isHeld('on'), isHeld('off')]).toEqual([true, false]);
  });

  it('[CHECK1] takes when versions are checked, and leaves that to the platform if it does not ask', () => {
    expect(specOf({})?.policy?.check).toBeUndefined();
    expect(specOf({ check: 'off' })?.policy?.check).toBe('off');
    expect(specOf({ check: 'always', holdsBack: 'on' })?.policy?.check).toBe('always');
    expect(errorsIn({ check: 'always', holdsBack: 'off' })).toEqual({
      check: expect.stringContaining('held-back data'),
    });
  });

  it('[BACK5] takes by how many points accuracy may fall, in percent, and tells its bounds so', () => {
    const dropOf = (maxDrop: string) => specOf({ maxDrop })?.policy?.maxDrop;
    expect(['12.5', '12,5', '0', ''].map(dropOf)).toEqual([0.125, 0.125, 0, undefined]);
    const errors = ['101', '-1', 'x'].map(maxDrop => errorsIn({ maxDrop }).maxDrop);
    expect(errors).toEqual([
      'At most 100.',
      'At least 0.',
      'A number, please, without a mark for thousands.',
    ]);
  });

  it('says what is wrong with a bucket', () => {
    expect(errorsIn({ bucket: '65' })).toEqual({ bucket: 'At most 64.' });
  });

  it('has buffered rounds unless it says otherwise', () => {
    const roundsOf = (roundPolicy: string) => specOf({ roundPolicy })?.policy?.rounds;
    expect(['', 'buffered', 'synchronous'].map(roundsOf)).toEqual(['buffered', 'buffered', 'synchronous']);
  });

  it('takes the rate that suits the network where none is typed, and a network of one’s own for a deep one', () => {
    const rateOf = (model: string, known: Partial<FormKnowledge> = {}) =>
      specOf({ learningRate: '', model }, known)?.training?.learningRate;
    expect(rateOf('cnn')).toBe(0.05);
    expect(rateOf('vgg16')).toBe(0.01);
    expect(rateOf('cnn', { ownModel: network })).toBe(0.01);
    expect(specOf({ learningRate: '0,02' })?.training?.learningRate).toBe(0.02);
  });

  it('takes the network that suits the pictures if none is chosen, and one’s own before all', () => {
    const modelWith = (model: string, known: Partial<FormKnowledge> = {}) => {
      const reading = read({ model }, known);
      return reading.ok && [reading.choices.model, reading.choices.files === undefined];
    };
    expect(modelWith('')).toEqual(['cnn', true]);
    expect(modelWith('cnn-5')).toEqual(['cnn-5', true]);
    expect(modelWith('cnn-5', { ownModel: network })).toEqual(['mine', false]);
  });

  it('takes the plan’s settings that are typed, the others by default, and the parts it is cut into', () => {
    const reading = read({
      ...{ plan: 'growing-together', segments: '3', 'setting-growAt': '0,4', 'setting-beta': ' ' },
      // Left of another plan: not this one's.
      'setting-alpha': '0.5',
    });
    expect(reading.ok && reading.choices.cut).toEqual({ segments: 3 });
    expect(reading.ok && reading.spec.plan).toEqual({
      ...{ name: 'growing-together', growAt: 0.4, freezeAt: 1, lambda: 0.5, beta: 0.5 },
      ...{ temperature: 2, answer: 'last', epochs: 1 },
    });
  });

  it('tells a setting out of its bounds at its field, with what it takes', () => {
    expect(errorsIn({ plan: 'growing-together', 'setting-growAt': '1.5', rounds: '0' })).toEqual({
      rounds: 'At least 1.',
      'setting-growAt': 'It takes a number from 0 to 1.',
    });
  });

  it('takes for how many rounds updates are kept, or leaves that to the platform', () => {
    const keptOf = (keepRounds: string) => specOf({ keepRounds })?.policy?.keepRounds;
    expect(['0', ''].map(keptOf)).toEqual([0, undefined]);
    expect(errorsIn({ keepRounds: '-1' })).toEqual({ keepRounds: 'At least 0.' });
  });
});

describe('the form that clones a run', () => {
  const base = runSpecSchema.parse({
    ...{ name: 'The first', seed: 7, dataset: smallParts, rounds: 12, targetAccuracy: 0.8 },
    plan: { name: 'growing-together', growAt: 0.3 },
    training: { batch: 64, learningRate: 0.02, momentum: 0.5, partsPerLease: 2 },
    policy: { leaseMs: 60_000, cohorts: 2, maxDrop: 0.125 },
    ...{ codec: { name: 'f32' }, robust: { norms: { 'segment-1': 1 }, hostile: 0.2 } },
  });
  const clone = (change: Readonly<Record<string, string>> = {}) => {
    const values = { ...valuesOfRun({ spec: base, model: someOutline }), ...change };
    const reading = readNewRunForm(values, {
      ...{ datasets: [smallParts], taken: ['The first'], now: new Date(), base, ownModel: null },
    });
    return reading.ok ? reading.spec : reading.errors;
  };

  it('has all its settings, those too that it does not show, and measures norms anew', () => {
    const { norms: _, ...robust } = base.robust;
    expect(clone({ name: 'The second' })).toEqual({ ...base, name: 'The second', robust });
  });

  it('keeps what was changed', () => {
    expect(clone({ name: 'The second', rounds: '5' })).toMatchObject({ rounds: 5, plan: { growAt: 0.3 } });
  });

  it('gives no second run the same name', () => {
    expect(clone()).toMatchObject({ name: expect.stringMatching(/^Digits, /) });
  });
});

const joinCodeError = (joinCode: string): string | undefined => {
  const reading = read({ joinCode });
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

  it.each(['blau 7', 'blau-77', '-- -- --', 'Blue House 7'])('%j is taken if the platform takes it', code => {
    expect(joinCodeError(code) === undefined).toBe(isTaken(code));
  });

  it('may be left out', () => {
    expect(joinCodeError('')).toBeUndefined();
  });
});

describe('who finds the run in the list', () => {
  const visibilityOf = (...asked: Parameters<typeof read>) => {
    const reading = read(...asked);
    return reading.ok ? reading.choices.visibility : undefined;
  };

  it('is what is usual where runs are made like this, as the form shows it', () => {
    expect(visibilityOf({}, { creation: 'open' })).toBe('public');
    expect(visibilityOf({}, { creation: 'closed' })).toBe('unlisted');
  });

  it('is nobody else as long as nobody knows what is usual', () => {
    expect(visibilityOf({})).toBe('unlisted');
  });

  it('is what the host chooses', () => {
    expect(visibilityOf({ visibility: 'unlisted' }, { creation: 'open' })).toBe('unlisted');
    expect(visibilityOf({ visibility: 'public' }, { creation: 'closed' })).toBe('public');
  });
});
