import * as z from 'zod/mini';
import { OtherVersionError } from './call-platform.ts';

export type Reader<T> = (response: Response) => Promise<T>;

/** Of which platform a response is, and what the reader of an error can do about it. */
export interface Source {
  readonly origin: string;
  readonly mend: string;
}

/** A body that is no JSON is not the platform's, or broke off on the way. */
export const readAs =
  <T>({ origin, mend }: Source, schema: z.core.$ZodType<T>): Reader<T> =>
  async response => {
    const { data, error } = z.safeParse(schema, await response.json());
    if (error) throw new OtherVersionError(origin, mend, error);
    return data;
  };

export const authorise = (key: string | null | undefined): Record<string, string> =>
  key ? { authorization: `Bearer ${key}` } : {};
