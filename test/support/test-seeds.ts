import { SEED_DIGITS } from '../../shared/aggregation/update-sketch.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';

/** The seeds of sketches, as if they followed from a secret. */
export const testSeed = (round: number): string =>
  sha256Hex(encodeUtf8(`a secret ${round}`)).slice(0, SEED_DIGITS);
