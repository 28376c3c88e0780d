import type { FoldUnit, UnitPiece } from './fold-units.ts';

/**
 * A unit in blocks of so many values at most, for whoever needs those of many updates at once. What is frozen is left out.
 * The blocks follow each other, so what is learnt and what is observed stay in their order.
 */
export function cutUnit(unit: FoldUnit, maxValues: number): FoldUnit[] {
  const blocks: UnitPiece[][] = [];
  let room = 0;
  for (const piece of unit.pieces) {
    if (piece.kind === 'frozen') continue;
    for (let from = 0; from < piece.elements; ) {
      if (room === 0) {
        blocks.push([]);
        room = maxValues;
      }
      const elements = Math.min(room, piece.elements - from);
      blocks.at(-1)?.push({ ...piece, offset: piece.offset + from, elements });
      from += elements;
      room -= elements;
    }
  }
  return blocks.map(pieces => ({
    ...unit,
    pieces,
    elements: countOf(pieces, 'learnt'),
    statistics: countOf(pieces, 'statistic'),
  }));
}

const countOf = (pieces: readonly UnitPiece[], kind: UnitPiece['kind']): number =>
  pieces.reduce((sum, piece) => sum + (piece.kind === kind ? piece.elements : 0), 0);
