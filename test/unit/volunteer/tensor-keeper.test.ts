import { expect, test } from 'vitest';
import type { KeptTensors } from '../../../client/trainer/trainer-api.ts';
import { DecidedStore, type Decision } from '../../../client/volunteer/decided-store.ts';
import { TensorKeeper } from '../../../client/volunteer/tensor-keeper.ts';
import { elementCount } from '../../../shared/codec/safetensors.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest } from '../../support/tiny-run.ts';

const model = createTinyModel().outline;
const { spec } = tinyRequest();
const segment = 'segment-1';
const taken = Promise.resolve<Decision>('taken');

interface Owner {
  readonly run?: string;
  readonly volunteer?: string;
  readonly codec?: RunSpec['codec'];
  readonly kernel?: readonly number[];
}

const residualsIn = (
  store: MemoryStore,
  { run = 'run1', volunteer = 'ada', codec = spec.codec, kernel }: Owner = {},
) => {
  const outline = kernel ? createTinyModel(kernel).outline : model;
  return openKeeper(store, { run, model: outline, spec: { ...spec, codec } }, volunteer);
};

/** Residuals that are kept as an update of theirs is decided. */
function openKeeper(
  store: MemoryStore,
  info: ConstructorParameters<typeof TensorKeeper>[2],
  volunteer: string,
  kind: 'residual' | 'drift' = 'residual',
) {
  const decided = new DecidedStore(store);
  const keeper = new TensorKeeper(kind, decided, info, volunteer);
  return {
    of: (segments: readonly string[]) => keeper.of(segments),
    keepIf: (decision: Promise<Decision>, tensors: KeptTensors) =>
      decided.keepIf(decision, keeper.leavings(tensors)),
  };
}

/** Every value of these segments' residual. */
const filled = (value: number, ids = [segment], outline = model): KeptTensors =>
  Object.fromEntries(
    outline.segments
      .filter(({ id }) => ids.includes(id))
      .map(({ id, tensors }) => [
        id,
        Object.fromEntries(
          tensors.map(tensor => [tensor.name, new Float32Array(elementCount(tensor)).fill(value)]),
        ),
      ]),
  );

test('a segment that was never trained has no residual', async () => {
  expect(await residualsIn(new MemoryStore()).of([segment, 'segment-2'])).toEqual({});
});

test('what an update left comes back, for its own segments, and after a reload', async () => {
  const store = new MemoryStore();
  await residualsIn(store).keepIf(taken, filled(0.25));
  expect(await residualsIn(store).of([segment, 'segment-2'])).toEqual(filled(0.25));
});

test('what an update left comes back although it carries no frozen tensor', async () => {
  const outline = createTinyModel([3, 10], { frozen: ['s1/bias'] }).outline;
  const residuals = openKeeper(new MemoryStore(), { run: 'run1', model: outline, spec }, 'ada');
  const left = { [segment]: { 's1/kernel': new Float32Array(6).fill(0.25) } };
  await residuals.keepIf(taken, left);
  expect(await residuals.of([segment])).toEqual(left);
});

test('an update that was not taken leaves everything as it was', async () => {
  const residuals = residualsIn(new MemoryStore());
  await residuals.keepIf(Promise.resolve<Decision>('refused'), filled(0.25));
  expect(await residuals.of([segment])).toEqual({});
  await residuals.keepIf(taken, filled(0.5));
  await residuals.keepIf(Promise.resolve<Decision>('refused'), filled(0.75));
  expect(await residuals.of([segment])).toEqual(filled(0.5));
});

test('an update that is on its way is waited for, but only by who trains its segments', async () => {
  const residuals = residualsIn(new MemoryStore());
  let decide: (decision: Decision) => void = () => {};
  const decided = new Promise<Decision>(resolve => {
    decide = resolve;
  });
  const kept = residuals.keepIf(decided, filled(0.5));
  let isKnown = false;
  const known = residuals.of([segment]).finally(() => {
    isKnown = true;
  });
  expect(await residuals.of(['segment-2'])).toEqual({});
  expect(isKnown).toBe(false);
  decide('taken');
  await kept;
  expect(await known).toEqual(filled(0.5));
});

test('an update that nobody knows the fate of takes what went with it along: it must not go twice', async () => {
  const residuals = residualsIn(new MemoryStore());
  await residuals.keepIf(taken, filled(0.5));
  await residuals.keepIf(Promise.resolve<Decision>('unknown'), filled(0.75));
  expect(await residuals.of([segment])).toEqual({});
});

test('of two updates that are on their way the later one says what is left, whichever is decided first', async () => {
  const residuals = residualsIn(new MemoryStore());
  let decide: (decision: Decision) => void = () => {};
  const decided = new Promise<Decision>(resolve => {
    decide = resolve;
  });
  const first = residuals.keepIf(decided, filled(0.5));
  const second = residuals.keepIf(taken, filled(0.75));
  await new Promise(resolve => setTimeout(resolve));
  decide('taken');
  await Promise.all([first, second]);
  expect(await residuals.of([segment])).toEqual(filled(0.75));
});

test('an update that is decided another time leaves everything as it was', async () => {
  const residuals = residualsIn(new MemoryStore());
  await residuals.keepIf(taken, filled(0.5));
  await residuals.keepIf(Promise.resolve<Decision>('open'), filled(0.75));
  expect(await residuals.of([segment])).toEqual(filled(0.5));
});

test('a residual is that of one run, volunteer and codec', async () => {
  const store = new MemoryStore();
  await residualsIn(store).keepIf(taken, filled(0.25));
  expect(await residualsIn(store, { run: 'run2' }).of([segment])).toEqual({});
  expect(await residualsIn(store, { volunteer: 'grace' }).of([segment])).toEqual({});
  expect(await residualsIn(store, { codec: { name: 'f32' } }).of([segment])).toEqual({});
  expect(await residualsIn(store).of([segment])).toEqual(filled(0.25));
});

test('a residual that was damaged is dropped, wherever the damage is', async () => {
  const store = new MemoryStore();
  await residualsIn(store).keepIf(taken, filled(0.25));
  const [[name, whole]] = [...store.kept] as [[string, Uint8Array<ArrayBuffer>]];
  const damaged = Array.from(whole, (byte, at) => whole.with(at, byte ^ 1));
  for (const bytes of [...damaged, whole.slice(0, -1), whole.slice(0, 7), new Uint8Array(0)]) {
    await store.put(name, bytes);
    expect(await residualsIn(store).of([segment])).toEqual({});
  }
  await store.put(name, whole);
  expect(await residualsIn(store).of([segment])).toEqual(filled(0.25));
});

test('a residual of other tensors, or with a value that is no number, is dropped', async () => {
  const store = new MemoryStore();
  const large = createTinyModel([4, 10]).outline;
  await residualsIn(store).keepIf(taken, filled(0.25, ['segment-2'], large));
  expect(await residualsIn(store).of(['segment-2'])).toEqual({});
  expect(await residualsIn(store, { kernel: [4, 10] }).of(['segment-2'])).not.toEqual({});
  await residualsIn(store).keepIf(taken, filled(Number.NaN));
  expect(await residualsIn(store).of([segment])).toEqual({});
});

test('a store that lost the residual to make room costs the residual alone', async () => {
  const store = new MemoryStore(10);
  await residualsIn(store).keepIf(taken, filled(0.25));
  expect(await residualsIn(store).of([segment])).toEqual({});
});

test('the drift is kept beside the residual, whatever the codec, and has no statistics', async () => {
  const store = new MemoryStore();
  const outline = createTinyModel([3, 10], { hasNorm: true }).outline;
  const keeper = (kind: 'residual' | 'drift', codec = spec.codec) =>
    openKeeper(store, { run: 'run1', model: outline, spec: { ...spec, codec } }, 'ada', kind);
  const all = filled(0.25, ['segment-2'], outline);
  const drift = {
    'segment-2': { 's2/kernel': new Float32Array(30).fill(0.5), 's2/bias': new Float32Array(10).fill(0.5) },
  };
  await keeper('residual').keepIf(taken, all);
  await keeper('drift').keepIf(taken, drift);
  expect(await keeper('residual').of(['segment-2'])).toEqual(all);
  expect(await keeper('drift').of(['segment-2'])).toEqual(drift);
  expect(await keeper('drift', { name: 'f32' }).of(['segment-2'])).toEqual(drift);
  await keeper('drift').keepIf(Promise.resolve<Decision>('refused'), filled(1, ['segment-2'], outline));
  expect(await keeper('drift').of(['segment-2'])).toEqual(drift);
});
