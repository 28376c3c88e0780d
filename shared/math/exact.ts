/**
 * Logarithm and exponential nearly to the last bit, from + - * / alone. `Math.log` and `Math.exp` may differ in their
 * last bits between engines (ECMAScript leaves them "implementation-approximated"). What is drawn must not differ: one
 * bit can change a label and so the pictures of a whole part.
 */

/** Natural logarithm of a finite x > 0; -Infinity of 0. Relative error about 1e-15. */
export function exactLn(x: number): number {
  if (x === 0) return -Infinity;
  let mantissa = x;
  let exponent = 0;
  for (; mantissa > Math.SQRT2; exponent++) mantissa /= 2;
  for (; mantissa < Math.SQRT1_2; exponent--) mantissa *= 2;
  // ln m = 2 artanh z with z = (m - 1)/(m + 1), |z| < 0.172: z^23/23 is below the last bit.
  const z = (mantissa - 1) / (mantissa + 1);
  let series = 0;
  for (let k = 21; k >= 1; k -= 2) series = series * z * z + 1 / k;
  return exponent * Math.LN2 + 2 * z * series;
}

/** e to the power of x; 0 below -745, Infinity above 709. Relative error about 1e-13 at the ends, 1e-15 near 0. */
export function exactExp(x: number): number {
  if (x < -745) return 0;
  if (x > 709.78) return Infinity;
  const halvings = Math.round(x / Math.LN2);
  const rest = x - halvings * Math.LN2;
  // |rest| < 0.347: rest^15/15! is below the last bit.
  let series = 1;
  for (let k = 15; k >= 1; k--) series = 1 + (series * rest) / k;
  // Powers of two are exact, so doubling and halving do not round (but for subnormal results).
  let result = series;
  for (let i = 0; i < halvings; i++) result *= 2;
  for (let i = 0; i > halvings; i--) result /= 2;
  return result;
}
