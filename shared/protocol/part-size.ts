/** How large a part is and may be: a data set's description is held to it, and the part format is written by it. */

/** Height and width in pixels, channels a pixel (1 grey, 3 red green blue). */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export const PART_HEADER_BYTES = 16;

/** The target for a whole part; one R2 object, one request, small enough to hold several in a phone's tab. */
export const PART_BYTES = 1_000_000;

/** Labels are bytes, so there are no more classes than this. */
export const MAX_CLASSES = 256;

/** Bytes of one picture. */
export const pixelsPerImage = ({ height, width, channels }: ImageShape): number => height * width * channels;

/** Bytes of a part with `count` pictures. */
export const partBytes = (shape: ImageShape, count: number): number =>
  PART_HEADER_BYTES + count * (1 + pixelsPerImage(shape));

/** How many pictures fit a part of `maxBytes`; 0 if not even one does. */
export const examplesPerPart = (shape: ImageShape, maxBytes = PART_BYTES): number =>
  Math.max(0, Math.floor((maxBytes - PART_HEADER_BYTES) / (1 + pixelsPerImage(shape))));
