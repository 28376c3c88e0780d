import type { ExampleKind } from '../../../../shared/protocol/dataset.ts';

/** What examples are called, alone and behind another word. A page that knows no data calls them examples. */
export const examples: Readonly<Record<ExampleKind, { one: string; more: string; title: string }>> = {
  picture: { one: 'picture', more: 'pictures', title: 'Pictures' },
  row: { one: 'row', more: 'rows', title: 'Rows' },
};
