/** How much of an address of IPv4 says who calls: all four numbers, or the three of a network of 256 addresses. */
type Numbers = 3 | 4;

/**
 * Those behind one address, or in one network: a site may have the first 48 bits of IPv6 for itself.
 * @param address as the platform tells it. Empty if it tells none
 */
export function siteOf(address: string, numbers: Numbers = 4): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  if (!plain.includes(':')) return plain.split('.').slice(0, numbers).join('.');
  const [head = ''] = plain.split('::');
  return [...head.split(':'), '0', '0', '0'].slice(0, 3).join(':');
}
