import { renderHook, waitFor } from '@testing-library/preact';
import { expect, it } from 'vitest';
import { defaultGlyphs, defaultSpec } from '../../client/host/default-spec.ts';
import { DataDraft } from '../../client/web/data/data-draft.ts';
import { deviceSpeed, measureDevice } from '../../client/web/new-run/device-speed.ts';
import type { ChosenFile } from '../../client/web/new-run/own-model/chosen-file.ts';
import { useOwnModel } from '../../client/web/new-run/own-model/use-own-model.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import { runSpecSchema } from '../../shared/protocol/run-spec.ts';

/** A network without weights, as a file of this name. */
const network = (name: string): ChosenFile[] => {
  const text = JSON.stringify({ modelTopology: { class_name: 'Sequential', config: { layers: [] } } });
  const bytes = encodeUtf8(text);
  return [{ path: `${name}.json`, bytes: bytes.length, read: async () => bytes }];
};

it('a network that was chosen last is the one that is taken, though a former one is read later', async () => {
  const seen = new Set<string | undefined>();
  const { result } = renderHook(() => {
    const own = useOwnModel(null);
    seen.add(own.model?.model);
    return own;
  });
  const slow = Promise.withResolvers<readonly ChosenFile[]>();
  result.current.choose(slow.promise);
  result.current.choose(network('second'));
  await waitFor(() => expect(result.current.model?.model).toBe('second'));
  slow.resolve(network('first'));
  // A frame later it has been read, and would be shown.
  await new Promise(requestAnimationFrame);
  result.current.choose(network('third'));
  await waitFor(() => expect(result.current.model?.model).toBe('third'));
  expect([...seen]).toEqual([undefined, 'second', 'third']);
});

const NO_THREADS = /lets the page do nothing in the background .* open the page in a tab of its own/;

it('a browser without threads is told by name where they are needed, and the form goes on', async () => {
  expect(typeof Worker).toBe('undefined');
  const dataset = defaultGlyphs(1);
  const spec = runSpecSchema.parse(
    defaultSpec({ name: 'x', seed: 1, dataset, plan: 'conventional', rounds: 2 }),
  );
  const settings = { spec, segments: 2 };
  const { result } = renderHook(() => useOwnModel(settings));
  result.current.choose(network('mine'));
  await waitFor(() => expect(result.current.problem).toMatch(NO_THREADS));
  expect(result.current.isBusy).toBe(false);
  await measureDevice();
  expect(deviceSpeed()).toMatchObject({ kind: 'failed', why: expect.stringMatching(NO_THREADS) });
  const draft = new DataDraft();
  await draft.open({ kind: 'text', text: 'a,b' });
  expect(draft.problem.value).toMatch(NO_THREADS);
});
