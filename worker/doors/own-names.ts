import type { MiddlewareHandler } from 'hono';
import { refusals, refused } from '../../shared/protocol/refusals.ts';
import { type HonoEnv, isForPeople, refuse } from '../routes/http.ts';
import { otherNamePage } from './other-name-page.ts';

/** Entries of `OWN_NAMES` that stand for several names. No name has their brackets. */
const LOOPBACK = '<loopback>';
const ADDRESSES = '<addresses>';

export const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** As a parsed URL writes it: no other host name ends in a number. */
const isAddress = (name: string): boolean => name.startsWith('[') || /^(\d+\.){3}\d+$/.test(name);

/** A name's last dot says that it is whole. */
export const nameOf = (url: string): string => new URL(url).hostname.replace(/\.$/, '');

function isNamed(entry: string, name: string): boolean {
  if (entry === LOOPBACK) return loopbackNames.includes(name);
  if (entry === ADDRESSES) return isAddress(name);
  return (URL.canParse(entry) ? nameOf(entry) : entry.toLowerCase()) === name;
}

const entriesOf = (list: string): string[] => list.split(' ').filter(Boolean);

/** Whether the list has the name by which the platform was called. */
export const isOwnName = (list: string, url: string): boolean =>
  entriesOf(list).some(entry => isNamed(entry, nameOf(url)));

/** Whether the list has a whole origin, as it does if a proxy stands before the platform. */
export const isOwnOrigin = (list: string, origin: string): boolean =>
  entriesOf(list).some(entry => URL.canParse(entry) && new URL(entry).origin === origin);

/**
 * Another site can have a name of its own lead to this machine after its page was loaded (DNS rebinding). That page then
 * reads and writes here as if it were ours, but it calls us by its own name. So a platform on a laptop answers to its own
 * names alone. Cloudflare brings a deployment only what its own names were called for, so it has no list unless one is set.
 * An address in digits needs no name server, so nobody can make one of ours lead elsewhere.
 */
export const ownNames: MiddlewareHandler<HonoEnv> = async (c, next) => {
  const { OWN_NAMES } = c.env;
  if (OWN_NAMES === undefined || isOwnName(OWN_NAMES, c.req.url)) return next();
  const name = nameOf(c.req.url);
  if (isForPeople(c)) return c.html(otherNamePage(name), refusals['other-name'].status);
  return refuse(c, refused('other-name', `${name} needs \`npx homeroom start --host ${name}\``));
};
