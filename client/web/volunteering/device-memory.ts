/**
 * `deviceMemory` is the memory of the device in GB. A volunteer is a guest and takes a quarter of it at most. The result
 * is 0 if the browser does not tell.
 */
export const memoryMB = (): number => {
  const { deviceMemory } = navigator as Navigator & { readonly deviceMemory?: number };
  return ((deviceMemory ?? 0) * 1_000) / 4;
};
