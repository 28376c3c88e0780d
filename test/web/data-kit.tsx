import { fireEvent, render, screen } from '@testing-library/preact';
import * as z from 'zod';
import { DataDraft } from '../../client/web/data/data-draft.ts';
import { BringData } from '../../client/web/data/data-page.tsx';
import { createDataReader } from '../../client/web/data/data-reader.ts';
import { DataUpload } from '../../client/web/data/data-upload.ts';
import type { DecodePicture } from '../../shared/datasets/import/decode-picture.ts';
import { sha256 } from '../../shared/math/sha256.ts';
import type { HostedDataset } from '../../shared/protocol/dataset.ts';
import { partBytes, pixelsPerImage } from '../../shared/protocol/part-size.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { accepted, type RefusalReason, refusals } from '../../shared/protocol/refusals.ts';
import { drawnFolder } from '../support/drawn-pictures.ts';
import { type HeardCall, type Replies, stubPlatform } from './stub-platform.ts';

/** The page on which data are brought, and what people do on it. */

/** In the place of a browser's decoder, which no DOM in Node has: equal files give equal pixels, and others others. */
export const decode: DecodePicture = async (bytes, { shape }) => {
  const hash = sha256(bytes);
  return accepted(Uint8Array.from({ length: pixelsPerImage(shape) }, (_, i) => hash[i % 32] as number));
};

const part = {
  sha256: 'a'.repeat(64),
  bytes: partBytes({ height: 8, width: 8, channels: 1 }, 10),
  examples: 10,
};
export const digits: HostedDataset = {
  ...{ kind: 'hosted', name: 'my digits', shape: { height: 8, width: 8, channels: 1 }, classes: 10 },
  ...{ partition: { kind: 'iid' }, train: [part], test: [part] },
};

/** A refusal as the platform's replies have it. */
export const refusal = (reason: RefusalReason) => ({ error: { reason, text: refusals[reason].text } });

const askedSchema = z.object({ sha256: z.array(z.string()) });

export const isBlob = (path: string): boolean =>
  path.startsWith(paths.blob('')) && path !== paths.lackingBlobs;

interface Platform {
  readonly datasets?: readonly HostedDataset[];
  /** Left out by a platform with R2. */
  readonly storage?: 'objects';
  /** Paths of blobs that are there. */
  readonly kept?: ReadonlySet<string>;
  /** To a blob, and whatever else is not said. */
  readonly reply?: (call: HeardCall) => readonly [status: number, body: unknown];
}

/** A platform that takes everything, unless it is told otherwise. */
export function show({ datasets = [], storage, kept = new Set(), reply }: Platform = {}): {
  heard: HeardCall[];
  upload: DataUpload;
} {
  const answer = (call: HeardCall): readonly [number, unknown] => {
    if (call.path === paths.datasets && call.method === 'GET') return [200, { datasets, storage }];
    if (call.path === paths.lackingBlobs) {
      const { sha256 } = askedSchema.parse(call.body);
      return [200, { lacking: sha256.filter(name => !kept.has(paths.blob(name))) }];
    }
    return reply ? reply(call) : [201, {}];
  };
  const replies: Replies = new Proxy({}, { get: () => answer });
  const heard = stubPlatform(replies);
  const draft = new DataDraft(() => ({
    ...{ reader: createDataReader(decode), broken: new Promise<never>(() => {}), terminate: () => {} },
  }));
  const upload = new DataUpload(draft);
  render(<BringData draft={draft} upload={upload} />);
  return { heard, upload };
}

/** A reader that is busy for ever, as with a file that was made to keep it so. Then another one starts. */
export function stuckOnce(): { draft: DataDraft; ended: () => number } {
  const real = createDataReader(decode);
  let [started, ended] = [0, 0];
  const draft = new DataDraft(() => {
    started += 1;
    const reader = started > 1 ? real : { ...real, open: () => new Promise<never>(() => {}) };
    const terminate = (): void => {
      ended += 1;
    };
    return { reader, broken: new Promise<never>(() => {}), terminate };
  });
  return { draft, ended: () => ended };
}

export interface NamedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function fileOf({ path, bytes }: NamedFile): File {
  const file = new File([new Uint8Array(bytes)], path.split('/').at(-1) ?? path);
  Object.defineProperty(file, 'webkitRelativePath', { value: path });
  return file;
}

export const choose = (files: readonly NamedFile[]): void =>
  void fireEvent.change(screen.getByLabelText('Choose a folder', { selector: 'input' }), {
    target: { files: files.map(fileOf) },
  });

export const chooseShapes = async (more: readonly NamedFile[] = []): Promise<void> => {
  choose([...drawnFolder('shapes', 10), ...more]);
  await screen.findByText('20 pictures in 2 classes.');
};

export const type = (label: string, value: string): void => {
  const field = screen.getByLabelText(label);
  fireEvent.input(field, { target: { value } });
  fireEvent.blur(field);
};
export const press = (name: string): void => void fireEvent.click(screen.getByRole('button', { name }));
export const errorAt = (label: string): string => {
  const ids = screen.getByLabelText(label).getAttribute('aria-describedby')?.split(' ') ?? [];
  return (
    ids.map(id => document.getElementById(id)?.textContent).find((_, i) => ids[i]?.includes('error')) ?? ''
  );
};
export const sent = (heard: readonly HeardCall[], method: string): HeardCall[] =>
  heard.filter(call => call.method === method);
