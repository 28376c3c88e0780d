import type { ExampleKind } from '../../../../shared/protocol/dataset.ts';

/** Wie Beispiele heißen, allein und am Ende eines längeren Wortes. */
export const examples: Readonly<
  Record<ExampleKind, { one: string; more: string; dative: string; tail: string }>
> = {
  picture: { one: 'Bild', more: 'Bilder', dative: 'Bildern', tail: 'bilder' },
  row: { one: 'Zeile', more: 'Zeilen', dative: 'Zeilen', tail: 'zeilen' },
};
