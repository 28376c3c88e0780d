import { HEADER_BYTES, readPictureHeader } from '../../../../shared/datasets/picture-header.ts';

/**
 * Decodes a picture that somebody has chosen. Its size is read before, so that none is decoded that is too large.
 * @throws an error that says what is wrong; its message follows the file's name
 */
export async function readPicture(file: Blob): Promise<ImageBitmap> {
  const start = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
  const header = readPictureHeader(start);
  if (!header.ok) {
    // A JPEG file may have a preview before its size.
    const whole = file.size > HEADER_BYTES && file.size < MOST_BYTES ? await wholeHeader(file) : header;
    if (!whole.ok) throw new Error(whole.detail ?? whole.reason);
  }
  try {
    return await createImageBitmap(file);
  } catch {
    throw new Error('is damaged');
  }
}

const MOST_BYTES = 60_000_000;

const wholeHeader = async (file: Blob) => readPictureHeader(new Uint8Array(await file.arrayBuffer()));
