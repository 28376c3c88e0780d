import sharp from 'sharp';

export type PictureFormat = 'png' | 'jpeg' | 'webp';

/** A real picture file of one colour, with a white frame so that its proportions can be seen. */
export const drawPicture = (
  [red, green, blue]: readonly [number, number, number],
  format: PictureFormat = 'png',
  { height = 12, width = 16 } = {},
): Promise<Buffer> =>
  sharp({
    create: { height: height - 4, width: width - 4, channels: 3, background: { r: red, g: green, b: blue } },
  })
    .extend({ top: 2, bottom: 2, left: 2, right: 2, background: '#fff' })
    .toFormat(format)
    .toBuffer();
