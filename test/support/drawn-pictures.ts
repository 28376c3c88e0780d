import { crc32, deflateSync } from 'node:zlib';
import type { ImageShape } from '../../shared/protocol/part-size.ts';

/** A file as a browser's picker takes it. */
export interface PictureFile {
  readonly path: string;
  readonly bytes: Buffer;
}

type Colour = (row: number, column: number) => readonly [red: number, green: number, blue: number];

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A PNG in colour, 8 bits a channel. */
export function encodePng({ height, width }: Pick<ImageShape, 'height' | 'width'>, colour: Colour): Buffer {
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      rows.set(colour(row, column), row * (1 + 3 * width) + 1 + 3 * column);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', headerOf(height, width)),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** What a PNG begins with: it may say any size, and no picture need follow. */
export const pngHeader = (height: number, width: number): Buffer =>
  Buffer.concat([SIGNATURE, chunk('IHDR', headerOf(height, width))]);

function headerOf(height: number, width: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return header;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}

/** A coloured disc or square somewhere on grey. Each number is another picture. */
export function drawShape(shape: 'disc' | 'square', number: number, side = 40): Buffer {
  const radius = side * (0.2 + (0.1 * ((number * 7) % 10)) / 10);
  const middle = side / 2 + (((number * 13) % 9) - 4) * (side / 40);
  const ink = [60 + ((number * 37) % 160), 200 - ((number * 53) % 160), (number * 91) % 200] as const;
  return encodePng({ height: side, width: side }, (row, column) => {
    const [down, across] = [Math.abs(row - middle), Math.abs(column - middle)];
    const isInside = shape === 'disc' ? Math.hypot(down, across) < radius : Math.max(down, across) < radius;
    return isInside ? ink : [235 - (number % 20), 235, 235];
  });
}

/** A folder of two classes with so many pictures each. */
export const drawnFolder = (folder: string, each: number): PictureFile[] =>
  (['disc', 'square'] as const).flatMap(shape =>
    Array.from({ length: each }, (_, number) => ({
      path: `${folder}/${shape}s/${shape}-${number}.png`,
      bytes: drawShape(shape, number),
    })),
  );
