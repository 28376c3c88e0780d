import type { ImageShape } from '../../protocol/part-size.ts';
import type { Result } from '../../protocol/refusals.ts';

/** How a picture of any size becomes one of the data set's. */
export interface WantedPicture {
  /** One channel is grey: 0.299 R + 0.587 G + 0.114 B. Three are red, green and blue. */
  readonly shape: ImageShape;
  /** What lies in the middle is cut out so that it fills the shape, or the whole is stretched into it. */
  readonly fit: 'crop' | 'stretch';
}

/**
 * Decodes a PNG, JPEG or WebP file and resizes it: height × width × channels bytes, row by row. The way in which the camera
 * was held is undone. What is transparent becomes white. The caller has read the picture's size in its header before, so
 * that no picture is decoded that is too large. The detail of a refusal follows the file's path: "is damaged".
 */
export type DecodePicture = (bytes: Uint8Array, wanted: WantedPicture) => Promise<Result<Uint8Array>>;
