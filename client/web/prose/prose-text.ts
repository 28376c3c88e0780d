import type { ComponentChildren } from 'preact';

/** A page that says something and does nothing. It is one file a language, and only that of the reader is loaded. */
export interface ProseText {
  readonly title: string;
  readonly intro: string;
  readonly Body: () => ComponentChildren;
}
