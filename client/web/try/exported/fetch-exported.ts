import { concatBytes } from '../../../../shared/math/bytes.ts';
import { weightPaths, withoutByteOrderMark } from '../../../host/model-files.ts';
import { metadataFile } from '../../../host/model-metadata.ts';
import { tryWords } from '../../words/try-words.ts';
import { ByteBudget } from './byte-budget.ts';
import { describeExported, type ExportedFiles } from './describe-exported.ts';

/** tfjs cuts weights into files of 4 MB, so that this is far more than fit the budget. */
const MOST_FILES = 500;

export interface FetchOptions {
  readonly budget?: ByteBudget;
  /** A server that sends nothing for so long is given up. */
  readonly silenceMs?: number;
  readonly signal?: AbortSignal;
  /** Called with how many bytes have come. */
  readonly onProgress?: (bytes: number) => void;
}

type Downloading = Required<Omit<FetchOptions, 'signal'>> & { readonly signal: AbortSignal };

/**
 * The network at an address: that of a model.json, or of the folder that it lies in. Its weights must lie there too, so that
 * no file sends this browser anywhere else.
 * @throws an error in words if something is not there, is too large or does not come
 */
export async function fetchExported(address: string, options: FetchOptions = {}): Promise<ExportedFiles> {
  const failed = new AbortController();
  const given = options.signal ?? failed.signal;
  const downloading: Downloading = {
    ...{ budget: new ByteBudget(), silenceMs: 30_000, onProgress: () => {} },
    ...options,
    signal: AbortSignal.any([given, failed.signal]),
  };
  try {
    return await fetchFiles(jsonAddress(address), downloading);
  } finally {
    // If one file is refused, the others need not come.
    failed.abort();
  }
}

async function fetchFiles(json: URL, downloading: Downloading): Promise<ExportedFiles> {
  const told = fetchBytes(new URL(metadataFile, json), downloading).catch(() => undefined);
  const modelJson = withoutByteOrderMark(await fetchBytes(json, downloading));
  const weights = weightAddresses(modelJson, json).map(
    async ([path, url]) => [path, await fetchBytes(url, downloading)] as const,
  );
  return describeExported({ modelJson, weights: Object.fromEntries(await Promise.all(weights)) }, await told);
}

function jsonAddress(address: string): URL {
  const base = URL.canParse(address, location.href) ? new URL(address, location.href) : null;
  if (base === null || !/^https?:$/.test(base.protocol)) throw new Error(tryWords().wholePage.noAddress);
  return /\.json$/i.test(base.pathname) ? base : new URL('model.json', inFolder(base));
}

const inFolder = (url: URL): URL =>
  url.pathname.endsWith('/') ? url : new URL(`${url.origin}${url.pathname}/`);

function weightAddresses(modelJson: Uint8Array, json: URL): (readonly [path: string, url: URL])[] {
  const words = tryWords().wholePage;
  const paths = weightPaths(modelJson);
  if (paths.length > MOST_FILES) throw new Error(words.tooManyFiles(MOST_FILES));
  const folder = new URL('.', json).href.replace(/[?#].*$/, '');
  return paths.map(path => {
    const url = URL.canParse(path, json.href) ? new URL(path, json) : null;
    if (!url?.href.startsWith(folder)) throw new Error(words.outside(path));
    return [path, url];
  });
}

async function fetchBytes(
  url: URL,
  { budget, silenceMs, signal, onProgress }: Downloading,
): Promise<Uint8Array> {
  const silence = new Silence(silenceMs);
  const ends = AbortSignal.any([signal, silence.signal]);
  const chunks: Uint8Array[] = [];
  try {
    const response = await worded(fetch(url, { credentials: 'omit', signal: ends }), url, silence);
    if (!response.ok) throw notReached(url);
    const reader = response.body?.getReader();
    const next = () => worded(reader?.read(), url, silence);
    for (let read = await next(); read && !read.done; read = await next()) {
      silence.restart();
      budget.take(read.value.length);
      chunks.push(read.value);
      onProgress(budget.used);
    }
    return concatBytes(chunks);
  } finally {
    silence.end();
  }
}

const notReached = (url: URL): Error => new Error(tryWords().wholePage.notReached(url.href));

/** The network's own errors say nothing that people could use. */
async function worded<T>(step: T | Promise<T>, url: URL, silence: Silence): Promise<T> {
  try {
    return await step;
  } catch {
    throw silence.signal.aborted ? new Error(tryWords().wholePage.silent(url.href)) : notReached(url);
  }
}

/** Aborts its signal if nothing is heard for so long. */
class Silence {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private readonly ms: number;
  private timer: ReturnType<typeof setTimeout>;

  constructor(ms: number) {
    this.ms = ms;
    this.timer = this.start();
  }

  restart(): void {
    this.end();
    this.timer = this.start();
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private start = (): ReturnType<typeof setTimeout> => setTimeout(() => this.controller.abort(), this.ms);
}
