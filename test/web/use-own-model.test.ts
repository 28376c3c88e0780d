import { renderHook, waitFor } from '@testing-library/preact';
import { expect, it } from 'vitest';
import type { ChosenFile } from '../../client/web/new-run/own-model/chosen-file.ts';
import { useOwnModel } from '../../client/web/new-run/own-model/use-own-model.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';

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
