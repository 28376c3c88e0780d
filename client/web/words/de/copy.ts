import type { CopyWords } from '../en/copy.ts';

export const copy: CopyWords = {
  copy: 'Kopieren',
  copied: 'Kopiert',
  byHand: 'Drücke Strg oder ⌘ + C',
};
