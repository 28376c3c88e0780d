export const copy = {
  copy: 'Copy',
  copied: 'Copied',
  byHand: 'Press Ctrl or ⌘ + C',
};
export type CopyWords = Readonly<typeof copy>;
