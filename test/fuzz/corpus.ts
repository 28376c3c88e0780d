import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sha256Hex } from '../../shared/math/sha256.ts';

/** Inputs that a decoder once failed at, and some that are worth trying. A file each, in a folder of the decoder's name. */
const root = fileURLToPath(new URL('corpus/', import.meta.url));

export const corpusFolder = (decoder: string): string => root + decoder.replace(/[^a-z0-9]+/g, '-');

export interface CorpusEntry {
  readonly name: string;
  readonly input: Uint8Array;
}

export function readCorpus(decoder: string): CorpusEntry[] {
  const folder = corpusFolder(decoder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map(name => ({
    name,
    input: new Uint8Array(readFileSync(`${folder}/${name}`)),
  }));
}

/** Folders of no decoder. */
export const strayFolders = (decoders: readonly string[]): string[] =>
  readdirSync(root).filter(folder => !decoders.some(name => corpusFolder(name) === root + folder));

/** @returns the path of its file */
export function addToCorpus(decoder: string, input: Uint8Array): string {
  const folder = corpusFolder(decoder);
  mkdirSync(folder, { recursive: true });
  const path = `${folder}/${sha256Hex(input).slice(0, 12)}.bin`;
  writeFileSync(path, input);
  return path;
}
