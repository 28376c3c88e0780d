import { describe, expect, it } from 'vitest';
import { DataDraft } from '../../client/web/data/data-draft.ts';
import { createDataReader } from '../../client/web/data/data-reader.ts';
import type { DecodePicture } from '../../shared/datasets/import/decode-picture.ts';
import { accepted } from '../../shared/protocol/refusals.ts';
import { drawnFolder } from '../support/drawn-pictures.ts';

/** A draft whose readers are in this thread, and which of them were ended, by their number. */
function openDraft() {
  let starts = 0;
  const ended = new Set<number>();
  const draft = new DataDraft(() => {
    const number = starts++;
    const { promise: broken, reject } = Promise.withResolvers<never>();
    const terminate = (): void => {
      ended.add(number);
      reject(new Error('the reading was ended'));
    };
    const decode: DecodePicture = async (_, { shape }) =>
      accepted(new Uint8Array(shape.height * shape.width * shape.channels));
    return { reader: createDataReader(decode), broken, terminate };
  });
  return { draft, ended };
}

/** More files than are sent to the thread at once. */
const folder = (name: string) => ({
  kind: 'files' as const,
  files: drawnFolder(name, 60).map(({ path, bytes }) => ({
    path,
    file: new File([new Uint8Array(bytes)], path),
  })),
});

describe('data that are being read', () => {
  it('give way to others that are brought meanwhile, and end with their thread', async () => {
    const { draft, ended } = openDraft();
    const first = draft.open(folder('first'));
    const second = draft.open(folder('second'));
    await Promise.all([first, second]);
    expect(draft.found.value?.name).toBe('second');
    expect(draft.found.value?.classes.map(({ examples }) => examples)).toEqual([60, 60]);
    expect([draft.reading.value, draft.problem.value]).toEqual([null, null]);
    expect([...ended]).toEqual([0]);
  });
});
