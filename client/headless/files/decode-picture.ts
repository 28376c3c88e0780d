import sharp from 'sharp';
import type { DecodePicture } from '../../../shared/datasets/import/decode-picture.ts';
import { pixelsOf } from '../../../shared/datasets/import/pixels-of.ts';
import { MAX_PICTURE_PIXELS } from '../../../shared/datasets/picture-header.ts';
import { accepted, refused } from '../../../shared/protocol/refusals.ts';

/** Every picture is another one, so nothing is gained by a cache. */
sharp.cache(false);

/** As the port says. sharp's own grey is weighed in linear light, which no browser does. */
export const decodePicture: DecodePicture = async (bytes, { shape, fit }) => {
  const { height, width } = shape;
  try {
    const rgb = await sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PICTURE_PIXELS })
      .autoOrient()
      .flatten({ background: '#fff' })
      .resize({ height, width, fit: fit === 'crop' ? 'cover' : 'fill' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
    if (rgb.length !== 3 * height * width) return refused('malformed', 'has other colours than can be read');
    return accepted(pixelsOf(rgb, 3, shape));
  } catch {
    return refused('malformed', 'is damaged');
  }
};
