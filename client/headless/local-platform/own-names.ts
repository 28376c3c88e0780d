import { hostname } from 'node:os';

/** What this machine is called: the Worker reads the list (`worker/doors/own-names`). */
export function ownNames(host: string, more: readonly string[]): string {
  const isOpen = host !== '127.0.0.1';
  const machine = hostname().toLowerCase();
  // In a network, its name server or its neighbours know the machine by name, and its address may change at any time.
  const ofNetwork = isOpen ? ['<addresses>', machine, `${machine.replace(/\..*/, '')}.local`] : [];
  return ['<loopback>', ...ofNetwork, ...more].join(' ');
}
