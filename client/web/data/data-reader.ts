import type { DecodePicture } from '../../../shared/datasets/import/decode-picture.ts';
import { findData } from '../../../shared/datasets/import/find-data.ts';
import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import type { SourceFile } from '../../../shared/datasets/import/source-file.ts';
import { splitFound } from '../../../shared/datasets/import/split-found.ts';
import { accepted, type Result } from '../../../shared/protocol/refusals.ts';
import type { ChosenFile } from './chosen-files.ts';
import type { DataReaderApi, OnProgress, TextReading } from './data-reader-api.ts';
import { describeFound } from './describe-found.ts';
import { pastedSource, sourceFromFile } from './given-sources.ts';
import { previewOf, thumbnailsOf } from './read-samples.ts';
import { uploadFound } from './upload-found.ts';

/** The same data are split and cut alike each time, so an upload that stopped finds its parts again. */
const SEED = 1;

/** Each message costs the page a little. */
const PROGRESS_MS = 100;

/** The reader behind comlink. Only the decoding of pictures is the browser's. */
export function createDataReader(decode: DecodePicture): DataReaderApi {
  let found: FoundData | null = null;
  let files: ChosenFile[] = [];
  let stopping = new AbortController();
  const current = (): FoundData => {
    if (!found) throw new Error('no data were opened');
    return found;
  };
  /** One thing is done at a time: whatever went on before ends. */
  const begin = (): AbortSignal => {
    stopping.abort();
    stopping = new AbortController();
    return stopping.signal;
  };
  return {
    take: async (some, isFirst) => {
      files = isFirst ? [...some] : [...files, ...some];
    },
    open: async (text, reading, onProgress) => {
      const signal = begin();
      const opened = await openSources(
        text === null ? files.map(sourceFromFile) : [pastedSource(text)],
        reading,
        { decode, signal, onProgress: seldom(onProgress) },
      );
      if (!opened.ok) return opened;
      found = opened.value;
      return accepted(describeFound(found));
    },
    split: async testShare => {
      const { train, test } = splitFound(current(), { testShare, seed: SEED });
      return { train: train.length, test: test.length };
    },
    thumbnails: label => thumbnailsOf(current(), label),
    preview: wanted => previewOf(current(), wanted),
    upload: (choices, onProgress) =>
      uploadFound(current(), choices, { signal: begin(), seed: SEED, onProgress: seldom(onProgress) }),
    cancel: async () => void begin(),
  };
}

interface OpenOptions {
  readonly decode: DecodePicture;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

const openSources = (
  sources: readonly SourceFile[],
  { label, asTable }: TextReading,
  options: OpenOptions,
): Promise<Result<FoundData>> =>
  findData(sources, {
    ...options,
    ...{ asTable, ...(label === null ? {} : { labelColumn: label }) },
    where: 'what you chose',
  });

/** Tells the first step, the last one, and not many between. */
function seldom(tell: OnProgress): OnProgress {
  let toldAt = -Infinity;
  return (done, total) => {
    const now = performance.now();
    if (done < total && now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    tell(done, total);
  };
}
