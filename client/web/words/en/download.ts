/** What people want to know of a version before they take it. */
export interface OfferedVersion {
  readonly isNewest: boolean;
  readonly isBest: boolean;
  /** Null if it was not tested, or long ago. */
  readonly accuracy: string | null;
}

export const download = {
  title: 'Take it away',
  intro: 'The network as files. It works without this platform.',
  version: 'Version',
  versionOption: (version: number, { isNewest, isBest, accuracy }: OfferedVersion) =>
    [
      String(version),
      ...(accuracy === null ? [] : [accuracy]),
      ...(isBest ? ['the best so far'] : []),
      ...(isNewest ? ['the newest'] : []),
    ].join(', '),
  zip: (version: number, size: string) => `Download version ${version} (zip, up to ${size})`,
  safetensors: (size: string) => `Weights only (safetensors, ${size})`,
  progress: (share: string) => `${share} fetched`,
  saved: (name: string) => `${name} is in your downloads.`,
  warning: (text: string) => `Know this about it: ${text}.`,
  failed: (why: string) => `Nothing was saved: ${why}. Try again, or choose another version.`,
  notLoaded: 'the script that packs files could not be loaded',
  whatIsInIt: 'What is in the zip',
  files: [
    [
      'index.html',
      'Open it and it classifies: no server and no Internet. It holds a small TensorFlow.js (0.9 MB), so nobody else’s server hears of you. A very large network has none.',
    ],
    ['model.json, weights.bin', 'For TensorFlow.js.'],
    ['model.safetensors', 'The weights for Python and others.'],
    ['metadata.json', 'Names of the classes, the size of the input.'],
    ['ONNX', 'Not in it: no well-kept library writes it in a browser.'],
  ] as readonly (readonly [name: string, what: string])[],
};
export type DownloadWords = Readonly<typeof download>;
