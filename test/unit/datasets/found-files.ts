import { type FindOptions, findData } from '../../../shared/datasets/import/find-data.ts';
import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import { decodeColour, filesOf } from './make-pictures.ts';

export type Files = Readonly<Record<string, Uint8Array | string>>;

export const find = (files: Files, options: Partial<FindOptions> = {}) =>
  findData(filesOf(files), { decode: decodeColour, ...options });

export async function found(files: Files, options: Partial<FindOptions> = {}): Promise<FoundData> {
  const data = await find(files, options);
  if (!data.ok) throw new Error(data.detail);
  return data.value;
}

export async function refusal(files: Files, options: Partial<FindOptions> = {}): Promise<string> {
  const data = await find(files, options);
  return data.ok ? 'accepted' : (data.detail ?? data.reason);
}
