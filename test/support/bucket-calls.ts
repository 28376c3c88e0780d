import type { ByteRange, ListOptions } from '../../worker/storage/bucket.ts';

/** What a test asks a bucket inside workerd, and is told. */

export interface PutCall {
  readonly type: 'put';
  readonly key: string;
  readonly as: 'bytes' | 'stream' | 'text';
  readonly sha256?: string;
  readonly customMetadata?: Record<string, string>;
  readonly isNew?: boolean;
  readonly uploadedBefore?: number;
}

export type BucketCall =
  | { readonly type: 'head'; readonly key: string }
  | { readonly type: 'get'; readonly key: string; readonly range?: ByteRange }
  | PutCall
  | { readonly type: 'brokenPut' | 'leftPut' | 'heldPut'; readonly key: string }
  /** The keys are in the body. */
  | { readonly type: 'delete' }
  | { readonly type: 'list'; readonly options: ListOptions }
  | { readonly type: 'readWhile'; readonly key: string; readonly change: 'delete' | 'put' }
  | { readonly type: 'readPart'; readonly key: string };

export interface ToldObject {
  readonly key: string;
  readonly size: number;
  readonly uploaded: number;
  readonly httpEtag: string;
  readonly customMetadata: Record<string, string>;
}

export interface ToldPage {
  readonly objects: readonly { readonly key: string; readonly size: number }[];
  readonly delimitedPrefixes: readonly string[];
  readonly truncated: boolean;
  readonly cursor?: string;
}

export type ToldReply = ToldObject | { readonly error: string | null } | number | null;
