import { describe, expect, it } from 'vitest';
import { DataDraft } from '../../client/web/data/data-draft.ts';
import { createDataReader } from '../../client/web/data/data-reader.ts';
import { accepted } from '../../shared/protocol/refusals.ts';
import { drawnFolder } from '../support/drawn-pictures.ts';

/** A draft whose reader is in this thread, and how often that was ended. */
function openDraft() {
  let ends = 0;
  const draft = new DataDraft(() => ({
    reader: createDataReader(async (_, { shape }) =>
      accepted(new Uint8Array(shape.height * shape.width * shape.channels)),
    ),
    broken: new Promise<never>(() => {}),
    terminate: () => (ends += 1),
  }));
  return { draft, ends: () => ends };
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
  it('give way to others that are brought meanwhile, whose reading goes on', async () => {
    const { draft, ends } = openDraft();
    const first = draft.open(folder('first'));
    const second = draft.open(folder('second'));
    await Promise.all([first, second]);
    expect(draft.found.value?.name).toBe('second');
    expect(draft.found.value?.classes.map(({ examples }) => examples)).toEqual([60, 60]);
    expect([draft.reading.value, draft.problem.value]).toEqual([null, null]);
    expect(ends()).toBe(0);
  });
});
